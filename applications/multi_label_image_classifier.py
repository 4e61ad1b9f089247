import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import image_classifier_settings as making
from keras_nn.applications import multi_label_recipes as recipes
from keras_nn.applications.classifier_inspectors import label_inspectors
from keras_nn.applications.picture_classifier import PictureClassifier
from keras_nn.applications.picture_files import picture_files
from keras_nn.layers import MLDecoder

HEADS = ("linear", "ml_decoder")
LOSSES = ("binary_crossentropy", "asymmetric")


@keras.saving.register_keras_serializable(package="keras_nn")
class MultiLabelImageClassifier(PictureClassifier):
    """Pictures to any number of labels each, on any Keras network.

    `p_k = sigmoid(w_k features(preprocess(picture)) + b_k)`, each label by
    itself; a picture is given the labels with `p_k > threshold`

    Measured by the mean over labels of the average precision, by F1 of all
    decisions together (micro) and label by label (macro), and by the share of
    right decisions.

    Args:
        backbone: `keras.Model` from pictures to features, as of
            `ImageClassifier`, whose arguments `preprocess`, `augmentation`,
            `dropout`, `mixing`, `policy`, `crop` and `image_size` it takes.
        num_classes: int. Number of labels, at least 1.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        label_smoothing: float in [0, 1). How far the default loss, a binary
            cross-entropy, draws labels to a half. Defaults to 0.
        threshold: float in (0, 1). Defaults to 0.5.
        decoder: layer or None. From the network's map or tokens to the
            probabilities, in place of pooling and a dense layer; such as
            `MLDecoder`. Defaults to None.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`, values
            in the pictures' native range.

    Returns:
        Probabilities of shape `(batch, num_classes)`.

    Raises:
        ValueError: on pictures of another size or another number of channels
            than the network takes; on labels that are not a row of 0 and 1
            for each picture.

    Example:

    >>> from keras_nn.models import MLP
    >>> features = MLP(False, input_shape=(8, 8, 3), units=[4])
    >>> app = MultiLabelImageClassifier(features, 2, ["cat", "dog"])
    >>> app.compile()
    >>> x = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3))
    >>> y = np.array([[1, 1], [0, 1], [0, 0], [1, 0], [1, 1], [0, 1]])
    >>> history = app.fit(x, y.astype("float32"), verbose=0)
    >>> len(app.predict_labels(x))
    6

    Reference:
        [Ridnik et al., 2021](https://arxiv.org/abs/2009.14119), the
        asymmetric loss; [2021](https://arxiv.org/abs/2111.12933), ML-Decoder
    """

    activation = "sigmoid"
    fewest_classes = 1

    def __init__(
        self, backbone, num_classes, class_names=None, threshold=0.5, **kwargs
    ):
        super().__init__(backbone, num_classes, class_names, **kwargs)
        if not 0 < threshold < 1:
            raise ValueError(
                f"`threshold` must lie in (0, 1). Received: {threshold=}"
            )
        self.threshold = threshold

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}

    @classmethod
    def default_settings(cls):
        return {
            **making.SETTINGS,
            "head": "linear",
            "loss": "binary_crossentropy",
            "threshold": 0.5,  # from which a label counts as there
        }

    @classmethod
    def setting_choices(cls):
        return {**super().setting_choices(), "loss": LOSSES, "head": HEADS}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return data.from_label_table(
            path,
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            **cls.reading_settings(settings),
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        given = recipe, splits, epochs, batch_size, settings
        app, optimizer = cls.from_settings(
            *given, threshold=settings["threshold"]
        )
        asymmetric = settings["loss"] == "asymmetric"
        loss = losses.AsymmetricLoss() if asymmetric else "auto"
        app.compile(optimizer=optimizer, loss=loss)
        return app

    @classmethod
    def make_decoder(cls, settings, num_classes):
        if settings["head"] == "linear":
            return None
        return MLDecoder(
            num_classes, activation="sigmoid", dtype="float32", name="head"
        )

    def default_loss(self):
        return keras.losses.BinaryCrossentropy(
            label_smoothing=self.label_smoothing
        )

    def default_metrics(self):
        count, at = self.num_classes, {"threshold": self.threshold}
        return [
            metrics.LabelAveragePrecision(count),
            metrics.LabelF1Score(count, "micro", name="micro_f1", **at),
            metrics.LabelF1Score(count, "macro", name="macro_f1", **at),
            keras.metrics.BinaryAccuracy(name="label_accuracy", **at),
        ]

    def shares(self, y):
        return keras.ops.cast(y, "float32")

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        # Keras would spread one number over all labels.
        if y is None or len(y.shape) != 2 or y.shape[1] != self.num_classes:
            raise ValueError(
                "Labels must be a row of 0 and 1 for each picture, "
                f"(pictures, {self.num_classes}). "
                f"Received: shape {None if y is None else tuple(y.shape)}"
            )
        return super().compute_loss(x, y, y_pred, sample_weight, training)

    def counted(self, y):
        return keras.ops.cast(keras.ops.greater_equal(y, 0.5), "float32")

    def predict_labels(self, images, threshold=None, **kwargs):
        """The labels of each picture.

        Args:
            images: what `predict` takes.
            threshold: float or None. Probability above which a label counts
                as there. Defaults to the application's.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            A list, one entry a picture, of lists of `(label, probability)`,
            the most probable first.
        """
        threshold = self.threshold if threshold is None else threshold
        probabilities = self.predict(images, **{"verbose": 0, **kwargs})
        names = self.label_names
        return [
            [
                (names[i], float(row[i]))
                for i in np.argsort(-row, kind="stable")
                if row[i] > threshold
            ]
            for row in probabilities
        ]

    @property
    def label_names(self):
        """list of str. What the outputs stand for."""
        return self.class_names or [str(i) for i in range(self.num_classes)]

    def read_test(self, path, settings):
        splits = data.from_label_table(
            path,
            validation_fraction=0.0,
            test_fraction=0.0,
            class_names=self.label_names,
            on_error=settings["on_error"],
            **self.reading,
        )
        return splits.test or splits.train

    def predict_path(self, path, top=1):
        files = picture_files(path)
        reader = data.ImageReader(**self.reading)
        split = data.Split(np.array(files), np.zeros(len(files)), reader)
        rows = []
        probabilities = self.predict(split, verbose=0)
        for file, row in zip(files, probabilities, strict=True):
            there = np.flatnonzero(row > self.threshold)
            words = [self.label_names[i] for i in there]
            of_labels = {
                f"probability_{name}": round(float(share), 6)
                for name, share in zip(self.label_names, row, strict=True)
            }
            blank = any(" " in name for name in self.label_names)
            joined = ("|" if blank else " ").join(words)
            rows.append({"file": file, "labels": joined, **of_labels})
        return rows

    def example_scores(self, split):
        truth = np.asarray(split.y, "float32")
        found = self.predict(split, verbose=0)
        right = (found > self.threshold) == (truth >= 0.5)
        scores = {"label_accuracy": right.mean(axis=1)}
        if not self.losses and isinstance(self.loss, keras.losses.Loss):
            # else the loss has a part that no example has
            scores["loss"] = np.asarray(self.loss.call(truth, found))
        return scores

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        common = super().inspectors(log_dir, validation_data, every, hparams)
        return common + label_inspectors(self, log_dir, validation_data, every)
