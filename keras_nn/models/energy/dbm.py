import math

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import check_range
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.energy.annealed_importance import AnnealedPartition
from keras_nn.models.energy.annealed_importance import independent_units
from keras_nn.models.energy.gibbs_chains import drawn
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.models.energy.surrogate_loss import surrogate_loss
from keras_nn.models.energy.surrogate_loss import unlikeness
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class DBM(AnnealedPartition, ObjectiveModel):
    """Deep Boltzmann machine: two hidden layers that explain together.

    `E(v, h, g) = -a.v - b.h - c.g - v W h - h U g`. What the data make of the
    hidden units is found by mean-field updates, `m_h = sigmoid(b + v W +
    m_g U')`, `m_g = sigmoid(c + m_h U)`; what the machine makes of them, by
    Gibbs sampling in chains that go on from batch to batch. The gradient is
    that of `E(v, m_h, m_g) - E(chain)`; `loss` in the logs is the cross
    entropy of the visible units that the mean field expects.

    Args:
        example_shape: tuple of ints. Shape of an example.
        hidden_units: pair of ints.
        mean_field_steps: int. Defaults to 10.
        steps: int. Gibbs steps a batch. Defaults to 1.
        chains: int. Defaults to 64.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)` of 0 to 1.

    Returns:
        Mean-field values of both layers, `(batch, sum(hidden_units))`.

    Raises:
        ValueError: On sizes that cannot be; in `fit`, on values outside 0 to
            1, or on several replicas.

    Example:

    >>> import numpy as np
    >>> model = DBM((4,), hidden_units=(3, 2))
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4)), verbose=0)
    >>> tuple(model(np.ones((5, 4))).shape)
    (5, 5)

    Reference:
        [Salakhutdinov and Hinton, 2009](
        https://proceedings.mlr.press/v5/salakhutdinov09a.html)
    """

    parts = ("energy",)
    one_device = True
    picture_range = (0.0, 1.0)
    num_classes = None
    generation_options = ("steps",)

    def __init__(
        self,
        example_shape,
        hidden_units,
        mean_field_steps=10,
        steps=1,
        chains=64,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if len(hidden_units) != 2 or min(*hidden_units, steps, chains) < 1:
            raise ValueError(
                "`hidden_units` must be two positive sizes, `steps` and "
                f"`chains` positive. Received: {hidden_units=}, {steps=}, "
                f"{chains=}"
            )
        if mean_field_steps < 1:
            raise ValueError(
                "`mean_field_steps` must be positive. "
                f"Received: {mean_field_steps=}"
            )
        self.example_shape = tuple(example_shape)
        self.hidden_units = [int(units) for units in hidden_units]
        self.mean_field_steps = mean_field_steps
        self.steps = steps
        self.chains = chains
        self.units = math.prod(self.example_shape)
        sizes = [self.units, *self.hidden_units]
        small = 0.01
        self.kernel = self.add_weight(
            name="kernel",
            shape=sizes[:2],
            initializer=keras.initializers.RandomNormal(stddev=small),
            autocast=False,
        )
        self.upper_kernel = self.add_weight(
            name="upper_kernel",
            shape=sizes[1:],
            initializer=keras.initializers.RandomNormal(stddev=small),
            autocast=False,
        )
        for name, size in zip(
            ("visible_bias", "hidden_bias", "upper_bias"), sizes, strict=True
        ):
            weight = self.add_weight(
                name=name,
                shape=(size,),
                initializer="zeros",
                autocast=False,
            )
            setattr(self, name, weight)
        for name, size in (
            ("chain_visible", self.units),
            ("chain_upper", self.hidden_units[1]),
        ):
            weight = self.add_weight(
                name=name,
                shape=(chains, size),
                initializer=keras.initializers.RandomUniform(0.0, 1.0),
                trainable=False,
                autocast=False,
            )
            setattr(self, name, weight)
        self.seed_generator = keras.random.SeedGenerator()
        self.compiled_chains = {}
        self.built = True

    def flat(self, inputs):
        """Examples as float32 rows `(n, units)`."""
        return ops.reshape(ops.cast(inputs, "float32"), (-1, self.units))

    def _middle(self, visible, upper, beta=1.0):
        field = ops.matmul(visible, self.kernel)
        field = field + ops.matmul(upper, ops.transpose(self.upper_kernel))
        return ops.sigmoid(beta * (field + self.hidden_bias))

    def _told_upper(self, hidden):
        return ops.matmul(hidden, self.upper_kernel) + self.upper_bias

    def _upper(self, hidden, beta=1.0):
        return ops.sigmoid(beta * self._told_upper(hidden))

    def _told_visible(self, hidden, beta=1.0):
        kernel = ops.transpose(self.kernel)
        return beta * ops.matmul(hidden, kernel) + self.visible_bias

    def _visible(self, hidden, beta=1.0):
        return ops.sigmoid(self._told_visible(hidden, beta))

    def mean_field(self, inputs):
        """What examples make of both hidden layers: `(n, h)`, `(n, g)`."""
        visible = self.flat(inputs)
        # Twice what is below stands for the layer above, not known yet.
        field = 2 * ops.matmul(visible, self.kernel) + self.hidden_bias
        hidden = ops.sigmoid(field)
        for _ in range(self.mean_field_steps):
            upper = self._upper(hidden)
            hidden = self._middle(visible, upper)
        return hidden, self._upper(hidden)

    def energy(self, visible, hidden, upper):
        """`E(v, h, g)`: floats `(n,)`."""
        below = ops.matmul(visible, self.kernel) + self.hidden_bias
        above = ops.matmul(hidden, self.upper_kernel) + self.upper_bias
        total = ops.matmul(visible, self.visible_bias)
        total = total + ops.sum(below * hidden, -1) + ops.sum(above * upper, -1)
        return -total

    def features(self, inputs):
        """Mean-field values of both layers, side by side, float32."""
        return ops.concatenate(self.mean_field(inputs), axis=-1)

    def call(self, inputs, training=None):
        return ops.cast(self.features(inputs), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0], sum(self.hidden_units)

    def gibbs_step(self, visible, upper, seed):
        """`(visible, hidden, upper)` behind a step, drawn."""
        hidden = drawn(self._middle(visible, upper), seed)
        upper = drawn(self._upper(hidden), seed)
        return drawn(self._visible(hidden), seed), hidden, upper

    def objective(self, x, y, training):
        visible = self.flat(x)
        hidden, upper = map(ops.stop_gradient, self.mean_field(visible))
        error = unlikeness(visible, self._visible(hidden), "bernoulli")
        energy = self.energy(visible, hidden, upper)
        if not training:
            return {"loss": error, "energy": energy}
        drawn_visible = ops.convert_to_tensor(self.chain_visible)
        drawn_upper = ops.convert_to_tensor(self.chain_upper)
        for _ in range(self.steps):
            drawn_visible, drawn_hidden, drawn_upper = self.gibbs_step(
                drawn_visible, drawn_upper, self.seed_generator
            )
        self.chain_visible.assign(drawn_visible)
        self.chain_upper.assign(drawn_upper)
        negative = self.energy(drawn_visible, drawn_hidden, drawn_upper)
        loss = surrogate_loss(error, energy - ops.mean(negative))
        return {"loss": loss, "energy": energy}

    def fit(self, x=None, y=None, *args, **kwargs):
        check_range(x, *self.picture_range)
        check_one_device(self, self.distribute_strategy)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, steps=1000, seed=None):
        """Draws by Gibbs sampling from noise, in one compiled loop.

        Args:
            count: int. How many.
            labels: None.
            steps: int. Defaults to 1000.
            seed: int or None. The same seed gives the same examples.

        Returns:
            Float32 array `(count, ...)`: the means of the last step.
        """
        if steps not in self.compiled_chains:
            self.compiled_chains[steps] = _DeepChain(self, steps)
        chain = self.compiled_chains[steps]
        seed = seed_or_fresh(seed)
        chain.fresh.state.assign([seed, 1])
        size = (count, self.units + self.hidden_units[1])
        start = keras.random.uniform(size, dtype="float32", seed=seed)
        start = ops.convert_to_numpy(start)
        return chain.predict_on_batch(start).reshape(count, *self.example_shape)

    def annealing_start(self, chains, rng):
        # The states are those of the middle layer, free of all at 0.
        hidden, upper = self.hidden_units
        start, log_z = independent_units(np.zeros(hidden), chains, rng)
        bias = ops.convert_to_numpy(self.visible_bias).astype("float64")
        log_z = log_z + upper * np.log(2) + np.logaddexp(0, bias).sum()
        return start, log_z

    def annealed_energy(self, states, beta):
        """Of the middle layer, whose neighbours are summed out."""
        own = beta * ops.matmul(states, self.hidden_bias)
        below = ops.softplus(self._told_visible(states, beta))
        above = ops.softplus(beta * self._told_upper(states))
        return -own - ops.sum(below, axis=-1) - ops.sum(above, axis=-1)

    def annealed_step(self, states, beta, seed):
        visible = drawn(self._visible(states, beta), seed)
        upper = drawn(self._upper(states, beta), seed)
        return drawn(self._middle(visible, upper, beta), seed)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        return {
            **super().get_config(),
            "example_shape": self.example_shape,
            "hidden_units": self.hidden_units,
            "mean_field_steps": self.mean_field_steps,
            "steps": self.steps,
            "chains": self.chains,
        }


class _DeepChain(keras.Model):
    """All the steps of a chain, as a model that Keras compiles."""

    def __init__(self, model, steps):
        super().__init__(dtype="float32", name="chain")
        object.__setattr__(self, "model", model)  # which would hold itself
        self.steps = steps
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, inputs):
        visible, upper = ops.split(inputs, [self.model.units], axis=-1)

        def step(index, carried):
            visible, _, upper = self.model.gibbs_step(*carried, self.fresh)
            return visible, upper

        visible, upper = ops.fori_loop(
            0, self.steps - 1, step, (visible, upper)
        )
        hidden = drawn(self.model._middle(visible, upper), self.fresh)
        return self.model._visible(hidden)
