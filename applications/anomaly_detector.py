import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn.applications import anomaly_detector_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.anomaly_files import example_shape
from keras_nn.applications.anomaly_files import number
from keras_nn.applications.anomaly_files import read_examples
from keras_nn.applications.anomaly_files import read_parts
from keras_nn.applications.anomaly_scores import detection_scores
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class AnomalyDetector(GenerativeApplication):
    """Which examples are unlike those that were learnt?

    The score of an example is its loss under a model that learnt usual ones:
    the error of an autoencoder, minus the bound of a VAE, the distance of
    Deep SVDD, minus the log-likelihood of a flow. Above `threshold`, the
    `quantile` of the scores of usual examples (those that validate, where
    there are such), an example is called an anomaly.

    `fit(x, y)` leaves out examples whose label is `anomalous`; without labels
    all are taken for usual. `evaluate(x, y)` then reports `roc_auc`,
    `average_precision`, and the shares of usual and anomalous examples that
    are called anomalies.

    Args:
        model: `Autoencoder`, `VAE`, `DeepSVDD`, `Flow`, or any
            `keras_nn.training.ObjectiveModel` that needs no labels.
        anomalous: list of ints: the labels of anomalies. Defaults to none.
        quantile: float. Share of usual examples below the threshold. Defaults
            to 0.95.
        value_range: pair of numbers or None. Darkest and brightest value of
            pictures, scaled to the model's range. None means tables: columns
            are standardised, with the statistics of what was learnt.
        class_names: list of str or None.
        feature_names: list of str or None: names of the columns of a table.

    Call arguments:
        inputs: examples `(batch, ...)`.

    Returns:
        Scores `(batch,)`, float32.

    Raises:
        ValueError: If `quantile` is no share; in `fit`, if no usual example
            is left.

    Example:

    >>> from keras_nn import models
    >>> encoder = models.DenseEncoder((4,), output_units=2, units=[8])
    >>> decoder = models.DenseDecoder(2, (4,), units=[8])
    >>> app = AnomalyDetector(models.Autoencoder(encoder, decoder))
    >>> app.compile()
    >>> iris = data.load("iris")
    >>> history = app.fit(iris.train.x, verbose=0)
    >>> app.predict(iris.test.x[:3], verbose=0).shape
    (3,)
    >>> app.flags(100 * iris.test.x[:2]).tolist()
    [True, True]
    """

    def __init__(
        self,
        model,
        anomalous=(),
        quantile=0.95,
        value_range=None,
        class_names=None,
        feature_names=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not 0 < quantile < 1:
            raise ValueError(
                f"`quantile` must be between 0 and 1. Received: {quantile=}"
            )
        self.model = model
        self.anomalous = [int(label) for label in anomalous]
        self.quantile = quantile
        self.value_range = value_range and tuple(value_range)
        self.class_names = class_names and [str(n) for n in class_names]
        self.feature_names = feature_names and [str(n) for n in feature_names]
        self.threshold = self.add_weight(
            name="threshold",
            shape=(),
            initializer="zeros",
            trainable=False,
            dtype="float32",
        )
        self.example_shape = example_shape(model)
        for name, value in (("centre", "zeros"), ("deviation", "ones")):
            weight = self.add_weight(
                name=name,
                shape=self.example_shape[-1:],
                initializer=value,
                trainable=False,
                dtype="float32",
            )
            setattr(self, name, weight)
        self.adapted = self.add_weight(
            name="adapted", shape=(), initializer="zeros", trainable=False
        )
        self.built = True

    @property
    def generator(self):
        """The model."""
        return self.model

    def scaled(self, x):
        x = ops.cast(x, "float32")
        if self.value_range is None:
            return (x - self.centre) / self.deviation
        low, high = self.value_range
        least, most = getattr(self.model, "picture_range", (0.0, 1.0))
        return (x - low) * ((most - least) / (high - low)) + least

    def call(self, inputs, training=None):
        found = self.model.objective(self.scaled(inputs), None, False)
        return ops.cast(found["loss"], "float32")

    def compute_output_shape(self, input_shape):
        return (input_shape[0],)

    def default_optimizer(self):
        if hasattr(self.model, "default_optimizer"):
            return self.model.default_optimizer()
        return keras.optimizers.Adam(1e-3)

    def flags(self, x):
        """Whether each example is called an anomaly: bools `(n,)`.

        Args:
            x: array of examples.
        """
        return self.predict(x, verbose=0) > number(self.threshold)

    def fit(self, x=None, y=None, *args, validation_data=None, **kwargs):
        if isinstance(x, data.Splits):
            validation_data = validation_data or x.validation
            x = x.train
        x, y = self._usual(x, y)
        if isinstance(validation_data, tuple):
            validation_data = self._usual(*validation_data[:2])
        elif validation_data is not None:
            validation_data, _ = self._usual(validation_data, None)
        history = super().fit(
            x, y, *args, validation_data=validation_data, **kwargs
        )
        measured = x if validation_data is None else validation_data
        if isinstance(measured, tuple):
            measured = measured[0]
        scores = self.predict(measured, verbose=0)
        self.threshold.assign(np.quantile(scores, self.quantile))
        return history

    def _usual(self, x, y):
        """Data without anomalies."""
        labels = x.y if isinstance(x, data.Split) else y
        if labels is None or not self.anomalous:
            return x, y
        kept = np.flatnonzero(~np.isin(np.asarray(labels), self.anomalous))
        if not len(kept):
            raise ValueError(
                "There must be usual examples to learn from. Received: "
                f"{len(labels)} examples, all of the classes {self.anomalous}"
            )
        if isinstance(x, data.Split):
            return x[kept], y
        return np.asarray(x)[kept], np.asarray(labels)[kept]

    def prepare(self, x):
        if self.value_range is not None or number(self.adapted):
            return
        rows = x.x if isinstance(x, data.Split) else x
        if isinstance(rows, np.ndarray) and np.isfinite(rows).all():
            axes = tuple(range(rows.ndim - 1))
            deviation = rows.std(axis=axes)
            self.centre.assign(rows.mean(axis=axes))
            self.deviation.assign(np.where(deviation < 1e-6, 1.0, deviation))
            self.adapted.assign(1.0)

    def evaluate(self, x=None, y=None, *args, return_dict=False, **kwargs):
        """As Keras's; with labels, and `return_dict`, the detection, too."""
        found = super().evaluate(x, y, *args, return_dict=return_dict, **kwargs)
        labels = x.y if isinstance(x, data.Split) else y
        if not return_dict or labels is None or not self.anomalous:
            return found
        is_anomaly = np.isin(np.asarray(labels), self.anomalous)
        scores = self.predict(x, verbose=0)
        return {
            **found,
            **detection_scores(is_anomaly, scores, number(self.threshold)),
        }

    def predict_path(self, path, top=1):
        inputs, names = read_examples(self, path)
        scores = self.predict(inputs, verbose=0)
        return [
            {
                "example": name,
                "score": round(float(score), 4),
                "anomaly": bool(score > number(self.threshold)),
            }
            for name, score in zip(names, scores, strict=True)
        ]

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "model": uncompiled_config(self.model),
            "anomalous": self.anomalous,
            "quantile": self.quantile,
            "value_range": self.value_range,
            "class_names": self.class_names,
            "feature_names": self.feature_names,
        }

    @classmethod
    def from_config(cls, config):
        model = keras.saving.deserialize_keras_object(config["model"])
        return cls(**{**config, "model": model})

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "quantile": 0.95,
            "anomalous": None,
            "target": None,
            "image_size": None,
            "validation_fraction": 0.1,
            "test_fraction": 0.2,
        }

    @classmethod
    def setting_choices(cls):
        return optimization.CHOICES

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return read_parts(path, recipe, seed, settings)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        names = list(splits.class_names or ())
        asked = settings["anomalous"]
        asked = asked if isinstance(asked, list | tuple) else [asked]
        anomalous = [str(name) for name in asked if name is not None]
        for name in anomalous:
            if name not in names:
                raise WrongRequest(
                    f"`anomalous` must name classes of {names}. "
                    f"Received: {name!r}"
                )
        shape = splits.train.shape
        app = cls(
            recipe.network(shape),
            anomalous=[names.index(name) for name in anomalous],
            quantile=settings["quantile"],
            value_range=(0, 255) if len(shape) == 3 else None,
            class_names=splits.class_names,
            feature_names=splits.feature_names,
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimization.build_optimizer(settings, steps))
        return app

    def export(self, filepath, format="saved_model", **kwargs):
        raise WrongRequest(
            "An anomaly detector keeps its scores in Keras. "
            f"Received: format={format!r}"
        )

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.Split):
            return common
        usual, _ = self._usual(validation_data, None)
        labels = np.isin(validation_data.y, self.anomalous)
        groups = {"usual": usual}
        if labels.any():
            groups["anomalous"] = validation_data[np.flatnonzero(labels)]
        return [*common, callbacks.EnergyHistogram(log_dir, groups, every)]
