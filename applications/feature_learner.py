import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn.applications import feature_learner_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.classification import ranked_labels
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class FeatureLearner(GenerativeApplication):
    """Learns features of pictures without labels, and how much they tell.

    An RBM, or a stack of them, learns what is in pictures. Where `fit` is
    given labels, a logistic regression then reads classes from the features,
    which stay as they are: `evaluate` reports its `probe_accuracy`.

    Args:
        learner: `keras_nn.models.RBM`, `DBN` or `DBM`.
        num_classes: int or None. Number of classes of the labels.
        value_range: pair of numbers. Darkest and brightest value of the
            pictures. Defaults to `(0, 255)`.
        class_names: list of str or None.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`.

    Returns:
        Features `(batch, units)`.

    Raises:
        ValueError: If the range does not rise, or the names do not fit.

    Example:

    >>> from keras_nn.models import RBM
    >>> digits = data.load("digits")
    >>> app = FeatureLearner(RBM((8, 8, 1), hidden_units=16), num_classes=10)
    >>> app.compile()
    >>> history = app.fit(digits.train.take(200), verbose=0)
    >>> app.predict(digits.test.x[:2], verbose=0).shape
    (2, 16)
    >>> app.predict_labels(digits.test.x[:2])[0][0][0] in "0123456789"
    True
    """

    def __init__(
        self,
        learner,
        num_classes=None,
        value_range=(0, 255),
        class_names=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        low, high = value_range
        if not low < high:
            raise ValueError(
                "`value_range` must rise, from the darkest value to the "
                f"brightest. Received: {value_range=}"
            )
        if class_names is not None and len(class_names) != num_classes:
            raise ValueError(
                f"`class_names` must name {num_classes} classes. "
                f"Received: {len(class_names)} names"
            )
        self.learner = learner
        self.num_classes = num_classes
        self.value_range = (low, high)
        self.class_names = class_names and [str(n) for n in class_names]
        self.probe = None
        if num_classes:
            self.probe = keras.layers.Dense(
                num_classes, activation="softmax", dtype="float32", name="probe"
            )
            units = learner.compute_output_shape((None,))[-1]
            self.probe.build((None, units))
            self.probe.trainable = False  # fitted behind the learner
        self.built = True

    @property
    def generator(self):
        """The learner."""
        return self.learner

    def scaled(self, pictures):
        low, high = self.value_range
        least, most = self.learner.picture_range
        pictures = ops.cast(pictures, "float32")
        return (pictures - low) * ((most - least) / (high - low)) + least

    def call(self, inputs, training=None):
        return self.learner(self.scaled(inputs))

    def compute_output_shape(self, input_shape):
        return self.learner.compute_output_shape(input_shape)

    def fit(self, x=None, y=None, *args, **kwargs):
        history = super().fit(x, y, *args, **kwargs)
        if self.num_classes:
            self.fit_probe(x, y)
        return history

    def fit_probe(self, x, y=None):
        """Fits the logistic regression to the features of labelled pictures.

        Args:
            x: array of pictures, `Split`, or `Splits`, whose training part is
                taken.
            y: ints `(n,)`, where `x` is an array.

        Raises:
            ValueError: If there are no labels, or of one class only.
        """
        from sklearn.linear_model import LogisticRegression

        x = x.train if isinstance(x, data.Splits) else x
        labels = x.y if isinstance(x, data.Split) else y
        if labels is None or len(np.unique(labels)) < 2:
            raise ValueError(
                "The probe learns from labels of two classes at least. "
                f"Received: {None if labels is None else np.unique(labels)}"
            )
        labels = np.asarray(labels).reshape(-1)
        features = self.predict(x, verbose=0).astype("float64")
        found = LogisticRegression(max_iter=1000).fit(features, labels)
        kernel, bias = found.coef_.T, found.intercept_
        if len(found.classes_) == 2:
            kernel = np.concatenate([-kernel, kernel], axis=1) / 2
            bias = np.concatenate([-bias, bias]) / 2
        # A class that was not there stays improbable.
        whole = np.zeros((kernel.shape[0], self.num_classes))
        offsets = np.full(self.num_classes, -1e9)
        whole[:, found.classes_] = kernel
        offsets[found.classes_] = bias
        self.probe.set_weights([whole, offsets])

    def evaluate(self, x=None, y=None, *args, return_dict=False, **kwargs):
        """As Keras's; with labels, and `return_dict`, `probe_accuracy`, too."""
        found = super().evaluate(x, y, *args, return_dict=return_dict, **kwargs)
        labels = x.y if isinstance(x, data.Split) else y
        if not return_dict or labels is None or not self.num_classes:
            return found
        return {**found, "probe_accuracy": float(self._right(x, labels).mean())}

    def _right(self, x, labels):
        read = self.probabilities(x).argmax(axis=-1)
        return read == np.asarray(labels).reshape(-1)

    def probabilities(self, x):
        """What the probe reads in pictures: float32 `(n, num_classes)`."""
        if self.probe is None:
            raise ValueError(
                "A learner without classes reads none: give `num_classes`. "
                "Received: num_classes=None"
            )
        features = self.predict(x, verbose=0)
        return ops.convert_to_numpy(self.probe(features))

    def predict_labels(self, x, top=1):
        """The classes that the probe reads in pictures, best first.

        Args:
            x: array of pictures.
            top: int. How many for each.

        Returns:
            A list, one entry a picture, of lists of `(label, probability)`.
        """
        return ranked_labels(self.probabilities(x), self.class_names, top)

    def example_scores(self, split):
        if not self.num_classes:
            return {}
        return {"probe_accuracy": 1.0 * self._right(split, split.y)}

    def predict_path(self, path, top=1):
        shape = (None, *self.learner.example_shape)
        read = data.ImageReader(**how_to_read(shape))
        files = picture_files(path)
        pictures = np.stack([read(file) for file in files])
        return [
            {"file": file, "label": label, "probability": round(share, 4)}
            for file, found in zip(
                files, self.predict_labels(pictures, top), strict=True
            )
            for label, share in found
        ]

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "learner": uncompiled_config(self.learner),
            "num_classes": self.num_classes,
            "value_range": self.value_range,
            "class_names": self.class_names,
        }

    @classmethod
    def from_config(cls, config):
        learner = keras.saving.deserialize_keras_object(config["learner"])
        return cls(**{**config, "learner": learner})

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "image_size": None,
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return optimization.CHOICES

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe.name in recipes.FILES:
            return data.load(
                recipe.data,
                path=path,
                seed=seed,
                validation_fraction=settings["validation_fraction"],
            )
        size = settings["image_size"]
        return data.from_directory(
            path,
            image_size=(size, size) if isinstance(size, int) else size,
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        steps = epochs * data.steps(splits.train, batch_size)
        app = cls(
            recipe.network(splits.train.shape, steps),
            num_classes=splits.num_classes,
            class_names=splits.class_names,
        )
        app.compile(optimization.build_optimizer(settings, steps))
        return app

    def export(self, filepath, format="saved_model", **kwargs):
        raise WrongRequest(
            "Features are exported with the model that uses them. "
            f"Received: format={format!r}"
        )

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        return [*common, callbacks.ReceptiveFields(log_dir, 5 * every)]
