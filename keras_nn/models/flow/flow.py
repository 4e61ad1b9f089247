import math

import keras
import numpy as np
from keras import ops

from keras_nn.layers.flow.flow_chain import check_flow_layer
from keras_nn.layers.flow.flow_layer import adapt
from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.flow.flow_presets import PRESETS
from keras_nn.models.flow.flow_sampling import FlowSampling
from keras_nn.ops import gaussian_log_density
from keras_nn.training import ObjectiveModel

ADAPTED = 2048  # examples at most, from which layers learn their statistics


@keras.saving.register_keras_serializable(package="keras_nn")
class Flow(ObjectiveModel):
    """Normalising flow: data as an invertible function of normal noise.

    `log p(x | c) = log N(f(x; c)) + log |det df/dx|`, and with `K` classes
    `log p(x) = log 1/K sum_k p(x | k)`; the loss is its negative.

    `fit(x)`, or `fit(x, y)` with classes or a condition. Values with `levels`
    are made continuous by uniform noise of one level (fixed where nothing is
    trained), and logs hold `bits_per_dimension`. Before the first step the
    layers learn the statistics of some data (`adapt`). No loss is compiled.

    Args:
        chain: `FlowLayer` that keeps the shape, such as `FlowChain`.
        example_shape: tuple of ints. Shape of an example.
        num_classes: int or None. Number of classes that `y` tells.
        condition_units: int or None. Length of the float vectors that `y`
            holds, where it holds no classes.
        levels: int or None. Number of grey levels of pictures whose values
            are from 0 to 1; None for values that are continuous.
        temperature: float. Scale of the codes that `generate` draws, unless
            it is told. Defaults to 1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)`; or dict of `values` and `labels`,
            classes or conditions.

    Returns:
        Log densities `(batch,)` in nats, float32; with levels those of
        probabilities.

    Raises:
        ValueError: If the chain changes the shape, or on both classes and a
            condition; in `fit`, on values outside 0 to 1 where there are
            levels.

    Example:

    >>> model = Flow.from_preset("real_nvp", (2,), depth=2, units=(8,))
    >>> model.compile("adam")
    >>> x = np.random.default_rng(0).normal(size=(64, 2))
    >>> history = model.fit(x, verbose=0)
    >>> model.generate(3, seed=0).shape, model(x[:4]).shape
    ((3, 2), TensorShape([4]))

    Reference:
        [Dinh et al., 2017](https://arxiv.org/abs/1605.08803);
        [Papamakarios et al., 2021](https://arxiv.org/abs/1912.02762) (review)
    """

    picture_range = (0.0, 1.0)
    generation_options = ("temperature",)

    def __init__(
        self,
        chain,
        example_shape,
        num_classes=None,
        condition_units=None,
        levels=None,
        temperature=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_flow_layer(chain)
        if num_classes and condition_units:
            raise ValueError(
                "A flow is told of a class or of a condition. "
                f"Received: {num_classes=}, {condition_units=}"
            )
        if levels is not None and levels < 2:
            raise ValueError(
                f"`levels` must be at least 2. Received: {levels=}"
            )
        self.chain = chain
        self.example_shape = tuple(example_shape)
        self.num_classes = num_classes
        self.condition_units = condition_units
        self.levels = levels
        self.temperature = temperature
        if levels is not None:
            self.parts = ("bits_per_dimension",)
            self.part_trackers = [keras.metrics.Mean(name=self.parts[0])]
        self.seed_generator = keras.random.SeedGenerator()
        self.adapted = self.add_weight(
            name="adapted", shape=(), initializer="zeros", trainable=False
        )
        self.sampling = FlowSampling(self)
        self._build_chain()
        self.built = True

    def _build_chain(self):
        shape = (None, *self.example_shape)
        told = self.num_classes or self.condition_units
        if not self.chain.built:
            self.chain.build(shape, told and (None, told))
            self.chain.built = True
        codes = tuple(self.chain.compute_output_shape(shape)[0])
        if codes != shape:
            raise ValueError(
                "`chain` must keep the shape of examples, "
                f"{self.example_shape}. Received: codes of {codes[1:]}"
            )

    @classmethod
    def from_preset(cls, preset, example_shape, **kwargs):
        """A flow of known layers: `"nice"`, `"real_nvp"`, `"glow"` and others.

        Args:
            preset: str. A name of `keras_nn.models.flow.flow_presets.PRESETS`.
            example_shape: tuple of ints. Shape of an example.
            **kwargs: arguments of the preset (`depth`, `units` ...) and of
                `Flow` (`num_classes` ...).
        """
        if preset not in PRESETS:
            raise ValueError(
                f"`preset` of Flow must be one of {sorted(PRESETS)}. "
                f"Received: {preset=}"
            )
        own = ("num_classes", "condition_units", "levels", "temperature")
        own += ("name", "dtype")
        given = {k: kwargs.pop(k) for k in own if k in kwargs}
        chain = PRESETS[preset](
            tuple(example_shape),
            discrete=given.get("levels") is not None,
            **kwargs,
        )
        return cls(chain, example_shape, **given)

    @property
    def picture_shape(self):
        """tuple of ints. The shape of an example."""
        return self.example_shape

    def condition(self, labels):
        """What the layers are told: a float tensor `(batch, units)` or None."""
        if self.num_classes:
            labels = learnt_labels(labels, self.num_classes)
            return ops.one_hot(labels, self.num_classes, dtype="float32")
        if self.condition_units is None:
            return None
        if labels is None:
            raise ValueError(
                "A flow with a condition needs it: `fit(values, conditions)`. "
                "Received: none"
            )
        labels = ops.cast(labels, "float32")
        return ops.reshape(labels, (-1, self.condition_units))

    def continuous(self, values, seed):
        """Values with noise of a level, from 0 to 1; or as they are."""
        values = ops.cast(values, "float32")
        if self.levels is None:
            return values
        noise = keras.random.uniform(ops.shape(values), seed=seed)
        return (values * (self.levels - 1) + noise) / self.levels

    def log_density(self, values, labels=None, training=False):
        """Log density of continuous values, given their labels: `(batch,)`."""
        condition = self.condition(labels)
        codes, log_det = self.chain(values, condition, training=training)
        flat = ops.reshape(codes, (-1, math.prod(self.example_shape)))
        return gaussian_log_density(flat) + log_det

    @property
    def _log_volume(self):
        """Log of the volume that one combination of levels fills."""
        if self.levels is None:
            return 0.0
        return math.prod(self.example_shape) * math.log(self.levels)

    def objective(self, x, y, training):
        seed = self.seed_generator if training else 0
        density = self.log_density(self.continuous(x, seed), y, training)
        nats = self._log_volume - density
        if self.levels is None:
            return {"loss": nats}
        bits = nats / (math.log(2) * math.prod(self.example_shape))
        return {"loss": nats, "bits_per_dimension": bits}

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["values"], inputs["labels"]
        values = self.continuous(inputs, 0)
        if self.num_classes is None or labels is not None:
            return self.log_density(values, labels) - self._log_volume
        count, batch = self.num_classes, ops.shape(values)[0]
        labels = ops.repeat(ops.arange(count), batch)
        tiled = ops.tile(values, (count, *(1 for _ in self.example_shape)))
        densities = self.log_density(tiled, labels)
        densities = ops.reshape(densities, (count, batch))
        total = ops.logsumexp(densities, axis=0) - math.log(count)
        return total - self._log_volume

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["values"]
        return (input_shape[0],)

    def adapt(self, x, y=None, seed=0):
        """Lets the layers learn the statistics of data, once.

        Args:
            x: array of examples, of which 2048 at most are drawn.
            y: array of their labels or conditions, or None.
            seed: int. Of the draw. Defaults to 0.
        """
        if float(ops.convert_to_numpy(self.adapted)):
            return
        x = np.asarray(x)
        order = np.random.default_rng(seed).permutation(len(x))[:ADAPTED]
        labels = None if y is None else np.asarray(y)[order]
        values = self.continuous(x[order], seed)
        adapt(self.chain, values, self.condition(labels))
        self.adapted.assign(1.0)

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        if self.levels is not None:
            check_range(x, *self.picture_range)
        if isinstance(x, np.ndarray) and len(x) and np.isfinite(x).all():
            self.adapt(x, y)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, temperature=None, seed=None):
        """Draws normal codes and runs them backwards.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for; None means
                each as often, at random. Or float conditions `(count, units)`.
            temperature: float or None. Scale of the codes; below 1 examples
                are more usual. Defaults to that of the model.
            seed: int or None. The same seed gives the same examples.

        Returns:
            Float32 array `(count, ...)`; with levels, rounded down to one.
        """
        seed = seed_or_fresh(seed)
        if temperature is None:
            temperature = self.temperature
        if self.condition_units is None:
            labels = asked_labels(count, labels, self.num_classes)
        if labels is None and self.num_classes:
            rng = np.random.default_rng(seed)
            labels = rng.integers(0, self.num_classes, count)
        codes = temperature * keras.random.normal(
            (count, *self.example_shape), dtype="float32", seed=seed
        )
        drawn = self.sampling(ops.convert_to_numpy(codes), labels)
        if self.levels is None:
            return drawn
        most = self.levels - 1
        return np.clip(np.floor(drawn * self.levels), 0, most) / most

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        chain = keras.saving.serialize_keras_object(self.chain)
        chain.pop("build_config", None)
        return {
            **super().get_config(),
            "chain": chain,
            "example_shape": self.example_shape,
            "num_classes": self.num_classes,
            "condition_units": self.condition_units,
            "levels": self.levels,
            "temperature": self.temperature,
        }

    @classmethod
    def from_config(cls, config):
        chain = keras.saving.deserialize_keras_object(config["chain"])
        return cls(**{**config, "chain": chain})
