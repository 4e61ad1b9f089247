import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import seed_or_fresh
from keras_nn.training import ObjectiveModel
from keras_nn.training import input_gradients

METHODS = ("denoising", "sliced")


@keras.saving.register_keras_serializable(package="keras_nn")
class ScoreModel(ObjectiveModel):
    """Learns the slope of a log density, `s(x) = d log p(x) / dx`.

    - `"denoising"`: `1/2 |sigma * s(x + sigma * e) + e|^2`, `e` normal: the
      score of data with noise;
    - `"sliced"`: `v . d(v . s(x))/dx + 1/2 |s(x)|^2`, `v` a random direction:
      the score of the data as they are, without a normaliser.

    Examples are drawn by Langevin steps along the score. `fit(x)`; without
    training noise and directions are the same each time.

    Args:
        network: `keras.Model` from examples to scores of the same shape.
        method: str. Defaults to `"denoising"`.
        sigma: float. Noise of `"denoising"`. Defaults to 0.1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)`.

    Returns:
        Scores, of the shape of the inputs.

    Raises:
        ValueError: If there is no such method, or the network changes the
            shape.

    Example:

    >>> layers = [keras.Input((2,)), keras.layers.Dense(8, "softplus")]
    >>> model = ScoreModel(keras.Sequential([*layers, keras.layers.Dense(2)]))
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 2)), verbose=0)
    >>> model.generate(3, steps=2, seed=0).shape
    (3, 2)

    Reference:
        [Vincent, 2011](https://doi.org/10.1162/NECO_a_00142) (denoising);
        [Song et al., 2019](https://arxiv.org/abs/1905.07088) (sliced)
    """

    num_classes = None
    generation_options = ("steps", "step_size")

    def __init__(self, network, method="denoising", sigma=0.1, **kwargs):
        super().__init__(**kwargs)
        if method not in METHODS or not sigma > 0:
            raise ValueError(
                f"`method` must be one of {METHODS} and `sigma` positive. "
                f"Received: {method=}, {sigma=}"
            )
        shapes = network.inputs[0].shape[1:], network.outputs[0].shape[1:]
        if tuple(shapes[0]) != tuple(shapes[1]):
            raise ValueError(
                "The network must say a score for each value. Received: "
                f"inputs of shape {shapes[0]}, outputs of {shapes[1]}"
            )
        self.network = network
        self.method = method
        self.sigma = sigma
        self.seed_generator = keras.random.SeedGenerator()
        self.compiled_walks = {}
        self.built = True

    @property
    def example_shape(self):
        """tuple of ints. The shape of an example."""
        return tuple(self.network.inputs[0].shape[1:])

    def score(self, inputs, training=False):
        """Scores, float32."""
        return ops.cast(self.network(inputs, training=training), "float32")

    def call(self, inputs, training=None):
        return self.network(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        seed = self.seed_generator if training else 0
        noise = keras.random.normal(ops.shape(x), dtype="float32", seed=seed)
        if self.method == "denoising":
            said = self.score(x + self.sigma * noise, training)
            error = ops.square(self.sigma * said + noise)
            return {"loss": 0.5 * _sum(error)}
        found = []

        def along(x):
            found.append(self.score(x, training))
            return _sum(noise * found[0])

        _, slopes = input_gradients(along, x)
        return {"loss": _sum(noise * slopes + 0.5 * ops.square(found[0]))}

    def generate(
        self, count, labels=None, steps=500, step_size=None, seed=None
    ):
        """Draws by Langevin steps from normal noise, in one compiled loop.

        Args:
            count: int. How many.
            labels: None.
            steps: int. Defaults to 500.
            step_size: float or None. Defaults to `sigma ** 2`.
            seed: int or None. The same seed gives the same examples.

        Returns:
            Float32 array `(count, ...)`.
        """
        size = self.sigma**2 if step_size is None else step_size
        key = steps, size
        if key not in self.compiled_walks:
            self.compiled_walks[key] = _ScoreWalk(self, steps, size)
        walk = self.compiled_walks[key]
        seed = seed_or_fresh(seed)
        walk.fresh.state.assign([seed, 1])
        shape = (count, *self.example_shape)
        start = np.random.default_rng(seed).normal(size=shape)
        return walk.predict_on_batch(start.astype("float32"))

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "method": self.method,
            "sigma": self.sigma,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})


class _ScoreWalk(keras.Model):
    """All the steps of a walk, as a model that Keras compiles."""

    def __init__(self, model, steps, size):
        super().__init__(dtype="float32", name="walk")
        object.__setattr__(self, "model", model)  # which would hold itself
        self.steps = steps
        self.size = size
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, inputs):
        def step(index, x):
            noise = keras.random.normal(
                ops.shape(x), dtype="float32", seed=self.fresh
            )
            x = x + self.size * self.model.score(x)
            return x + (2 * self.size) ** 0.5 * noise

        return ops.fori_loop(0, self.steps, step, inputs)


def _sum(values):
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))
