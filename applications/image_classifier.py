import os

import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn.applications import image_classifier_recipes as recipes
from keras_nn.applications import image_classifier_settings as making
from keras_nn.applications import picture_checkpoints as checkpoints
from keras_nn.applications.classification import accuracy_metrics
from keras_nn.applications.classification import class_scores
from keras_nn.applications.classification import ranked_labels
from keras_nn.applications.classifier_inspectors import classifier_inspectors
from keras_nn.applications.picture_classifier import PictureClassifier
from keras_nn.applications.picture_files import labelled_pictures
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_files import read_pictures


@keras.saving.register_keras_serializable(package="keras_nn")
class ImageClassifier(PictureClassifier):
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
        policy: layer or None. Applied in training to pictures in their
            native range, before preprocessing; such as `RandAugment`.
        augmentation: layer or None. Applied in training, after preprocessing.
        dropout: float. Share of features dropped before the classifier.
        mixing: layer or None. Applied in training, to `{"images": ...,
            "labels": ...}` as Keras's augmentation layers take them, labels
            as class shares; such as `MixPictures`.
        label_smoothing: float in [0, 1). Share of a label that the default
            loss spreads over all classes. Defaults to 0.
        crop: layer or None. Applied first, always, to what is cut out of a
            picture; such as `RandomResizedCrop`, or `keras.layers.CenterCrop`.
        image_size: tuple `(height, width)` or None, in pixels: the size of
            pictures in front of `crop`. Defaults to that of the network.
        decoder: layer or None. From the network's map or tokens to the
            probabilities, in place of pooling and a dense layer.

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

    activation = "softmax"

    @classmethod
    def from_pretrained(cls, name, num_classes=None, loading=None, **kwargs):
        """A classifier on published weights.

        Args:
            name: str or path. A network of `keras.applications`, such as
                `"resnet50"`; a folder with a checkpoint of Hugging Face or
                of timm, or its id `owner/name` on the hub; or a run folder
                or `.keras` file of an `ImageClassifier`.
            num_classes: int or None. With a number, the classifier begins
                anew, for classes of your own. None keeps the published one.
            loading: dict or None. Arguments of `load` in
                `keras_nn.pretrained.keras_applications`, `hugging_face` or
                `timm`: `weights` (a file), `revision`, `sha256`,
                `input_shape` ...
            **kwargs: of the constructor.

        Returns:
            An `ImageClassifier` that preprocesses as the weights expect.

        Raises:
            FileNotFoundError: if there is no such checkpoint, or none can be
                downloaded.
            ValueError: if its tensors do not fit the network.

        Example:

        >>> app = ImageClassifier.from_pretrained(
        ...     "mobilenet_v2_35", num_classes=5, dropout=0.2,
        ...     loading={"weights": None, "input_shape": (32, 32, 3)},
        ... )
        >>> app.output_shape
        (None, 5)
        """
        given = loading or {}
        return checkpoints.classifier(cls, name, num_classes, given, kwargs)

    @classmethod
    def default_settings(cls):
        return dict(making.SETTINGS)

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        folders = [entry for entry in os.scandir(path) if entry.is_dir()]
        official = not folders and not data.is_shard_folder(path)
        if recipe.data is not None and official:
            return data.load(
                recipe.data,
                path=path,
                seed=seed,
                validation_fraction=settings["validation_fraction"],
            )
        return read_pictures(
            path,
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            **cls.reading_settings(settings),
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        app, optimizer = cls.from_settings(
            recipe, splits, epochs, batch_size, settings
        )
        app.compile(optimizer=optimizer)
        return app

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
            **self.reading,
        )

    def predict_path(self, path, top=1):
        files = picture_files(path)
        reader = data.ImageReader(**self.reading)
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

    def example_scores(self, split):
        return class_scores(self, split)

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        common = super().inspectors(log_dir, validation_data, every, hparams)
        return common + classifier_inspectors(
            self, log_dir, validation_data, every
        )
