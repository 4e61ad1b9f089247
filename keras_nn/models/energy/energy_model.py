import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.energy.langevin_sampling import LangevinSampling
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class EnergyModel(ObjectiveModel):
    """Energy-based model: a network says how unusual an example is.

    `p(x) = exp(-E(x)) / Z`; the loss is `E(x) - E(x~) + alpha * (E(x)^2 +
    E(x~)^2)`, `x~` drawn by Langevin steps that begin at examples of a replay
    buffer, or with the chance `fresh` at noise. Its gradient is that of the
    negative log-likelihood; the last term keeps energies near 0.

    With `num_classes` it is JEM: the network says logits, `E(x) = -logsumexp
    logits(x)`, `E(x, y) = -logit_y(x)`, and the loss has the cross entropy of
    the labels, too: a classifier that also knows what is usual.

    `fit(x)`, or `fit(x, labels)`. `gap`, the energy of drawn examples less
    that of data, stays near 0 while training is sound; a gap that runs away
    is divergence, which the name of the first value that is not finite tells.

    Args:
        network: `keras.Model` from examples to energies `(batch, 1)`, or with
            classes to logits `(batch, num_classes)`.
        steps: int. Langevin steps of a batch. Defaults to 20.
        step_size: float. Defaults to 10.
        noise: float. Defaults to 0.005.
        clip: float or None. Largest slope of the energy. Defaults to 0.03.
        alpha: float. Defaults to 0.1.
        buffer_size: int. Examples that are remembered. Defaults to 1024.
        fresh: float. Share of chains that begin anew. Defaults to 0.05.
        num_classes: int or None.
        value_range: pair of floats. Values of examples. Defaults to
            `(-1, 1)`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)`.

    Returns:
        Energies `(batch,)`, or with classes logits `(batch, num_classes)`.

    Raises:
        ValueError: On sizes that cannot be; in `fit`, on values outside of
            the range, or on several replicas.

    Example:

    >>> layers = [keras.Input((2,)), keras.layers.Dense(8, "silu")]
    >>> network = keras.Sequential([*layers, keras.layers.Dense(1)])
    >>> model = EnergyModel(network, steps=2, buffer_size=16)
    >>> model.compile("adam")
    >>> logs = model.fit(np.zeros((8, 2)), verbose=0).history
    >>> sorted(logs)
    ['energy', 'gap', 'loss']

    Reference:
        [Du and Mordatch, 2019](https://arxiv.org/abs/1903.08689);
        [Grathwohl et al., 2020](https://arxiv.org/abs/1912.03263) (JEM)
    """

    generation_options = ("steps",)
    one_device = True

    divergence_advice = (
        "more Langevin steps, a larger `alpha`, or a smaller learning rate"
    )

    def __init__(
        self,
        network,
        steps=20,
        step_size=10.0,
        noise=0.005,
        clip=0.03,
        alpha=0.1,
        buffer_size=1024,
        fresh=0.05,
        num_classes=None,
        value_range=(-1.0, 1.0),
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(steps, buffer_size) < 1 or not step_size > 0 or noise < 0:
            raise ValueError(
                "`steps`, `buffer_size` and `step_size` must be positive, "
                f"`noise` not negative. Received: {steps=}, {buffer_size=}, "
                f"{step_size=}, {noise=}"
            )
        said = network.outputs[0].shape[-1]
        if said != (num_classes or 1):
            raise ValueError(
                f"The network must say {num_classes or 1} numbers of an "
                f"example. Received: {said}"
            )
        self.network = network
        self.steps = steps
        self.step_size = step_size
        self.noise = noise
        self.clip = clip
        self.alpha = alpha
        self.buffer_size = buffer_size
        self.fresh = fresh
        self.num_classes = num_classes
        self.value_range = tuple(value_range)
        self.parts = ("energy", "gap")
        if num_classes:
            self.parts = (*self.parts, "crossentropy", "accuracy")
        self.part_trackers = [keras.metrics.Mean(name=n) for n in self.parts]
        low, high = self.value_range
        self.buffer = self.add_weight(
            name="buffer",
            shape=(buffer_size, *self.example_shape),
            initializer=keras.initializers.RandomUniform(low, high),
            trainable=False,
            dtype="float32",
        )
        self.seed_generator = keras.random.SeedGenerator()
        self.walk = LangevinSampling(
            self.energy, step_size, noise, self.value_range, clip
        )
        self.compiled_walks = {}
        self.built = True

    @property
    def example_shape(self):
        """tuple of ints. The shape of an example."""
        return tuple(self.network.inputs[0].shape[1:])

    @property
    def picture_range(self):
        """pair of floats. The values of an example."""
        return self.value_range

    def logits(self, inputs, training=False):
        """What the network says, float32."""
        return ops.cast(self.network(inputs, training=training), "float32")

    def energy(self, inputs, labels=None, training=False):
        """Energies of examples, or of examples and labels: `(n,)`."""
        said = self.logits(inputs, training)
        if not self.num_classes:
            return said[:, 0]
        if labels is None:
            return -ops.logsumexp(said, axis=-1)
        chosen = ops.one_hot(labels, self.num_classes, dtype="float32")
        return -ops.sum(said * chosen, axis=-1)

    def call(self, inputs, training=None):
        said = self.network(inputs, training=training)
        return said if self.num_classes else said[:, 0]

    def compute_output_shape(self, input_shape):
        if self.num_classes:
            return input_shape[0], self.num_classes
        return (input_shape[0],)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        batch = ops.shape(x)[0]
        if training:
            drawn = self._drawn(batch)
        else:  # what is remembered, as it is
            places = ops.arange(batch) % self.buffer_size
            drawn = ops.take(self.buffer, places, axis=0)
        energy = self.energy(x, training=training)
        other = self.energy(drawn, training=training)
        loss = energy - other
        loss = loss + self.alpha * (ops.square(energy) + ops.square(other))
        found = {"loss": loss, "energy": energy, "gap": other - energy}
        if self.num_classes:
            labels = learnt_labels(y, self.num_classes)
            said = self.logits(x, training)
            entropy = keras.losses.sparse_categorical_crossentropy(
                labels, said, from_logits=True
            )
            right = ops.cast(ops.argmax(said, axis=-1), "int32") == labels
            found["loss"] = loss + entropy
            found["crossentropy"] = entropy
            found["accuracy"] = ops.cast(right, "float32")
        return found

    def _drawn(self, batch):
        seed, shape = self.seed_generator, self.example_shape
        buffer = ops.convert_to_tensor(self.buffer)
        places = keras.random.randint((batch,), 0, self.buffer_size, seed=seed)
        start = ops.take(buffer, places, axis=0)
        noise = keras.random.uniform((batch, *shape), seed=seed)
        low, high = self.value_range
        anew = keras.random.uniform((batch,), seed=seed) < self.fresh
        anew = ops.reshape(anew, (-1, *(1 for _ in shape)))
        start = ops.where(anew, low + (high - low) * noise, start)
        drawn = self.walk(start, self.steps, seed)
        self.buffer.assign(ops.scatter_update(buffer, places[:, None], drawn))
        return drawn

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        check_range(x, *self.value_range)
        check_one_device(self, self.distribute_strategy)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, steps=200, seed=None):
        """Draws by Langevin steps from noise, in one compiled loop.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for, by an
                energy of examples and labels. None means any.
            steps: int. Defaults to 200.
            seed: int or None. The same seed gives the same examples.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        key = steps, labels is None
        if key not in self.compiled_walks:
            self.compiled_walks[key] = _Walk(self, steps)
        walk = self.compiled_walks[key]
        seed = seed_or_fresh(seed)
        walk.fresh.state.assign([seed, 1])
        low, high = self.value_range
        shape = (count, *self.example_shape)
        start = np.random.default_rng(seed).uniform(low, high, shape)
        inputs = {"start": start.astype("float32")}
        if labels is not None:
            inputs["labels"] = labels
        return walk.predict_on_batch(inputs)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.999)

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "steps": self.steps,
            "step_size": self.step_size,
            "noise": self.noise,
            "clip": self.clip,
            "alpha": self.alpha,
            "buffer_size": self.buffer_size,
            "fresh": self.fresh,
            "num_classes": self.num_classes,
            "value_range": self.value_range,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})


class _Walk(keras.Model):
    """All the steps of a walk, as a model that Keras compiles."""

    def __init__(self, model, steps):
        super().__init__(dtype="float32", name="walk")
        object.__setattr__(self, "model", model)  # which would hold itself
        self.steps = steps
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, inputs):
        model, labels = self.model, inputs.get("labels")
        walk = LangevinSampling(
            lambda x: model.energy(x, labels),
            model.step_size,
            model.noise,
            model.value_range,
            model.clip,
        )
        return walk(inputs["start"], self.steps, self.fresh)
