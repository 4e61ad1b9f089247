import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import density_estimator_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.table_files import read_rows
from keras_nn.applications.table_files import write_rows
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class DensityEstimator(GenerativeApplication):
    """How usual is a row of a table, and what would more rows look like?

    A normalising flow learns the density of rows of numbers, or of such rows
    given their class. The loss is the mean of `-log p(row)`, in nats.

    Args:
        flow: `keras_nn.models.Flow` of rows.
        feature_names: list of str or None: names of the columns.
        class_names: list of str or None, for a flow with classes.

    Call arguments:
        inputs: float tensor `(batch, columns)`; with classes also a dict of
            `values` and `labels`.

    Returns:
        Log densities `(batch,)` in nats.

    Raises:
        ValueError: If there is not one name a column or a class; in `fit`, on
            a column that never varies, whose density is infinite.

    Example:

    >>> from keras_nn.models import Flow
    >>> flow = Flow.from_preset("real_nvp", (2,), depth=2, units=(8,))
    >>> app = DensityEstimator(flow)
    >>> app.compile()
    >>> moons = data.load("two-moons")
    >>> history = app.fit(moons.train.take(256), verbose=0)
    >>> app.predict(moons.test.take(3), verbose=0).shape
    (3,)
    >>> app.generate(5, seed=0).shape
    (5, 2)
    """

    def __init__(self, flow, feature_names=None, class_names=None, **kwargs):
        super().__init__(**kwargs)
        if len(flow.example_shape) != 1:
            raise ValueError(
                "A density estimator takes a flow of rows (columns,). "
                f"Received: {flow.example_shape}"
            )
        for name, names, count in (
            ("feature_names", feature_names, flow.example_shape[0]),
            ("class_names", class_names, flow.num_classes),
        ):
            if names is not None and len(names) != count:
                raise ValueError(
                    f"`{name}` must hold {count} names. "
                    f"Received: {len(names)} names"
                )
        self.flow = flow
        self.feature_names = feature_names and [str(n) for n in feature_names]
        self.class_names = class_names and [str(n) for n in class_names]
        self.built = True

    @property
    def generator(self):
        """The flow."""
        return self.flow

    def scaled(self, x):
        return keras.ops.cast(x, "float32")

    def call(self, inputs, training=None):
        return self.flow(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.flow.compute_output_shape(input_shape)

    def prepare(self, x):
        rows = x.x if isinstance(x, data.Split) else x
        if not isinstance(rows, np.ndarray) or len(rows) < 2:
            return
        still = np.flatnonzero(np.ptp(rows, axis=0) == 0)
        if len(still):
            names = self.feature_names or list(map(str, range(rows.shape[1])))
            raise ValueError(
                "Every column must vary, or its density is infinite: leave "
                f"out those that do not. Received: {[names[i] for i in still]}"
            )

    def generate(self, count, labels=None, seed=None, temperature=None):
        """Draws rows, in the units of the columns.

        Args:
            count: int. How many.
            labels: class, or classes `(count,)`: names or numbers; None means
                any.
            seed: int or None. The same seed gives the same rows.
            temperature: float or None, see `Flow.generate`.

        Returns:
            Float32 array `(count, columns)`.
        """
        labels = self._numbers(labels)
        return self.flow.generate(count, labels, temperature, seed)

    def _numbers(self, labels):
        if labels is None or np.asarray(labels).dtype.kind != "U":
            return labels
        names = self.class_names or []
        for name in np.ravel(labels):
            if name not in names:
                raise WrongRequest(
                    f"`labels` must be of {names}. Received: {str(name)!r}"
                )
        return np.vectorize(names.index)(labels)

    def generate_file(
        self, path, count=64, labels=None, seed=0, temperature=None, **how
    ):
        """Draws rows into a CSV file.

        Args:
            path: str. The file, e.g. `rows.csv`.
            count: int. How many rows.
            labels: list of names of classes, taken in turn; None means any.
            seed: as in `generate`.
            temperature: likewise.
            **how: what other generators are asked; None, all of it.
        """
        asked = {
            name: value for name, value in how.items() if value is not None
        }
        if asked:
            raise WrongRequest(
                "A flow draws in one step, without guidance or a sampler. "
                f"Received: {', '.join(f'{k}={v!r}' for k, v in asked.items())}"
            )
        if labels is not None:
            labels = np.resize(np.asarray(labels), count)
        rows = self.generate(count, labels, seed, temperature)
        write_rows(path, rows, self.feature_names)

    def predict_path(self, path, top=1):
        rows = read_rows(path, self.feature_names, self.flow.example_shape[0])
        densities = self.predict(rows, verbose=0)
        return [
            {"row": number, "log_density": round(float(density), 4)}
            for number, density in enumerate(densities, start=1)
        ]

    def example_scores(self, split):
        if self.flow.num_classes is not None:
            values = {"values": split.x, "labels": split.y}
            return {"loss": -np.asarray(self(values))}
        return {"loss": -self.predict(split, verbose=0)}

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "flow": uncompiled_config(self.flow),
            "feature_names": self.feature_names,
            "class_names": self.class_names,
        }

    @classmethod
    def from_config(cls, config):
        flow = keras.saving.deserialize_keras_object(config["flow"])
        return cls(**{**config, "flow": flow})

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "target": None,
            "conditional": False,
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
        return data.from_csv(
            path,
            settings["target"],
            settings["validation_fraction"],
            settings["test_fraction"],
            seed,
        )

    def read_test(self, path, settings):
        whole = data.from_csv(path, settings["target"], 0.0, 0.0)
        width = self.flow.example_shape[0]
        rows = read_rows(path, self.feature_names, width, settings)
        y = whole.train.y
        if self.class_names is not None:
            labels = np.array(whole.class_names or ["0"])[y]
            y = np.asarray(self._numbers(labels))
        return data.Split(rows, y)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        classes = splits.num_classes if settings["conditional"] else None
        app = cls(
            recipe.network(splits.train.shape, classes),
            feature_names=splits.feature_names,
            class_names=splits.class_names if classes else None,
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimization.build_optimizer(settings, steps))
        return app

    def export(self, filepath, format="saved_model", **kwargs):
        raise WrongRequest(
            "A density estimator both says densities and draws, which no "
            f"format of export holds. Received: format={format!r}"
        )

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.Split):
            return common
        shown = callbacks.DensityMap(log_dir, validation_data.x, 5 * every)
        return [*common, shown]
