import os

import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn.applications import image_classifier_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.classification import accuracy_metrics
from keras_nn.applications.classification import class_scores
from keras_nn.applications.classification import ranked_labels
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.applications.picture_application import as_preprocessing
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_application import check_classes
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_backbones import picture_backbone
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import labelled_pictures
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_files import read_pictures
from keras_nn.applications.picture_preprocessing import MODES


@keras.saving.register_keras_serializable(package="keras_nn")
class ImageClassifier(PictureApplication):
    """Pictures to labels, on any Keras network.

    `p = softmax(W features(preprocess(picture)) + b)`

    The network may end in a feature map, in tokens or in a vector; the first
    two are averaged over places. The classifier itself stays in float32.

    Args:
        backbone: `keras.Model` from pictures to features: of this suite, of
            `keras.applications`, of KerasHub, or your own.
        num_classes: int. At least 2.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        preprocess: `"auto"`, None, a mode of `PicturePreprocessing`, or a
            layer. `"auto"` is what the published weights of a network of
            `keras.applications` expect, nothing for a network that begins
            with preprocessing of its own, and else `"standardize"`, which
            learns from the training pictures in the first `fit`.
        augmentation: layer or None. Applied in training only.
        dropout: float. Share of features dropped before the classifier.
        mixing: layer or None. Applied in training, to `{"images": ...,
            "labels": ...}` as Keras's augmentation layers take them, labels
            as class shares; such as `MixPictures`.
        label_smoothing: float in [0, 1). Share of a label that the default
            loss spreads over all classes. Defaults to 0.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`, values
            in the pictures' native range.

    Returns:
        Probabilities of shape `(batch, num_classes)`.

    Raises:
        ValueError: on pictures of another size or another number of channels
            than the network takes; resize or convert them first.

    Example:

    >>> from keras_nn.models import MLP
    >>> features = MLP(False, input_shape=(8, 8, 1), units=[32])
    >>> app = ImageClassifier(features, num_classes=10)
    >>> app.compile()
    >>> digits = data.load("digits")
    >>> history = app.fit(digits, epochs=1, verbose=0)
    >>> len(app.predict_labels(digits.test.x[:2], top=3)[0])
    3
    """

    def __init__(
        self,
        backbone,
        num_classes,
        class_names=None,
        preprocess="auto",
        augmentation=None,
        dropout=0.0,
        mixing=None,
        label_smoothing=0.0,
        **kwargs,
    ):
        check_classes(num_classes, class_names)
        preprocessing = as_preprocessing(preprocess, backbone)
        head = keras.layers.Dense(
            num_classes, activation="softmax", dtype="float32", name="head"
        )
        pictures = keras.Input(backbone.input_shape[1:], name="pictures")
        x = pictures
        for stage in (preprocessing, augmentation, backbone):
            x = x if stage is None else stage(x)
        x = _pool(x)
        if dropout:
            x = keras.layers.Dropout(dropout, name="dropout")(x)
        super().__init__(pictures, head(x), **kwargs)

        self.backbone = backbone
        self.num_classes = num_classes
        self.class_names = class_names and [str(n) for n in class_names]
        self.preprocess = preprocess
        self.augmentation = augmentation
        self.dropout = dropout
        self.mixing = mixing
        self.label_smoothing = label_smoothing
        self.preprocessing = preprocessing
        self.head = head

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialized(self.backbone),
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "preprocess": serialized(self.preprocess),
            "augmentation": serialized(self.augmentation),
            "dropout": self.dropout,
            "mixing": serialized(self.mixing),
            "label_smoothing": self.label_smoothing,
        }

    @classmethod
    def from_config(cls, config):
        layers = ("backbone", "preprocess", "augmentation", "mixing")
        return cls(**deserialized(config, layers))

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "backbone": "auto",  # what the recipe says
            "weights": None,  # of the backbone: "imagenet" or a file
            "frozen_epochs": 0,  # of the backbone, at the beginning
            "dropout": 0.0,
            "augmentation": "none",
            **recipes.MIXING,
            "label_smoothing": 0.0,
            "preprocess": "auto",
            "image_size": None,
            "on_error": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "backbone": ("auto", *BACKBONES),
            "augmentation": recipes.AUGMENTATIONS,
            "preprocess": ("auto", *MODES),
            "on_error": ("raise", "skip"),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        folders = [entry for entry in os.scandir(path) if entry.is_dir()]
        official = not folders and not data.is_shard_folder(path)
        if recipe.data is not None and official:
            return data.load(recipe.data, path=path, seed=seed)
        return read_pictures(
            path,
            image_size=as_size(settings["image_size"]),
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        shape = splits.train.shape
        if settings["backbone"] == "auto":
            backbone = recipe.network(shape)
        else:
            backbone = picture_backbone(
                settings["backbone"], shape, weights=settings["weights"]
            )
        app = cls(
            backbone,
            splits.num_classes,
            class_names=splits.class_names,
            preprocess=settings["preprocess"],
            augmentation=recipes.augmentation(settings["augmentation"], shape),
            dropout=settings["dropout"],
            mixing=recipes.mixing(settings),
            label_smoothing=settings["label_smoothing"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def train_step(self, data):
        if self.mixing is None:
            return super().train_step(data)
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        # Labels are mixed as pictures are, so both pass here and not in the
        # network.
        pair = {
            "images": keras.ops.cast(x, "float32"),
            "labels": keras.ops.one_hot(
                keras.ops.reshape(y, [-1]), self.num_classes, dtype="float32"
            ),
        }
        pair = self.mixing(pair, training=True)
        return super().train_step(
            keras.utils.pack_x_y_sample_weight(
                pair["images"], pair["labels"], weight
            )
        )

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        if self.mixing is not None and len(y.shape) == 2 and y.shape[1] != 1:
            y = keras.ops.argmax(y, axis=-1)  # the larger part of a mixture
        return super().compute_metrics(x, y, y_pred, sample_weight)

    def training_callbacks(self, settings):
        from keras_nn import callbacks

        if not settings["frozen_epochs"]:
            return []
        return [callbacks.Unfreeze(self.backbone, settings["frozen_epochs"])]

    def default_loss(self):
        if self.mixing is None and not self.label_smoothing:
            return keras.losses.SparseCategoricalCrossentropy()
        return losses.SparseFocalCrossentropy(
            gamma=0.0, label_smoothing=self.label_smoothing
        )

    def default_metrics(self):
        return accuracy_metrics(self.num_classes)

    def predict_labels(self, images, top=5, **kwargs):
        """The most probable labels of each picture.

        Args:
            images: what `predict` takes.
            top: int. How many labels, best first; at most `num_classes`.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            A list, one entry a picture, of lists of `(label, probability)`.
        """
        probabilities = self.predict(images, **{"verbose": 0, **kwargs})
        return ranked_labels(probabilities, self.class_names, top)

    def read_test(self, path, settings):
        return labelled_pictures(
            path,
            self.class_names,
            on_error=settings["on_error"],
            **how_to_read(self.input_shape),
        )

    def predict_path(self, path, top=1):
        files = picture_files(path)
        reader = data.ImageReader(**how_to_read(self.input_shape))
        split = data.Split(np.array(files), np.zeros(len(files)), reader)
        labels = self.predict_labels(split, top)
        return [
            {
                "file": file,
                "rank": rank,
                "label": label,
                "probability": round(probability, 6),
            }
            for file, ranked in zip(files, labels, strict=True)
            for rank, (label, probability) in enumerate(ranked, start=1)
        ]

    def explain_path(self, path, folder, method, label=None, settings=None):
        from keras_nn.applications.picture_explanations import explain_pictures

        return explain_pictures(self, path, folder, method, label, settings)

    def example_scores(self, split):
        return class_scores(self, split)

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if validation_data is None:
            return common
        sample = callbacks.ValidationSample.of(
            validation_data, class_names=self.class_names
        )
        instruments = [
            *common,
            callbacks.ActivationMonitor(log_dir, sample.x, every),
            callbacks.ConfusionMatrix(log_dir, sample, every),
            callbacks.PrecisionRecallCurves(log_dir, sample, every),
            callbacks.ReliabilityDiagram(log_dir, sample, every),
            callbacks.EmbeddingProjector(log_dir, sample),
        ]
        if sample.has_pictures:  # not, for example, of 13 spectral bands
            instruments += [
                callbacks.WorstExamples(log_dir, sample, every),
                callbacks.SaliencyMaps(log_dir, sample, 5 * every),
            ]
        return instruments


def _pool(features):
    rank = len(getattr(features, "shape", ()))
    if rank == 4:
        return keras.layers.GlobalAveragePooling2D(name="pool")(features)
    if rank == 3:
        return keras.layers.GlobalAveragePooling1D(name="pool")(features)
    if rank == 2:
        return features
    raise ValueError(
        "`backbone` must end in one feature map, in tokens or in a vector. "
        f"Received: {features}"
    )
