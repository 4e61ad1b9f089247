import keras
from keras import ops

from keras_nn.models.asked import check_range
from keras_nn.models.energy.annealed_importance import AnnealedPartition
from keras_nn.models.energy.annealed_importance import independent_units
from keras_nn.models.energy.gibbs_chains import drawn
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.models.energy.surrogate_loss import surrogate_loss
from keras_nn.models.energy.surrogate_loss import unlikeness
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class BoltzmannMachine(AnnealedPartition, ObjectiveModel):
    """Boltzmann machine: every unit is connected with every other one.

    `E(s) = -1/2 s' W s - b.s`, `W` symmetric with nothing on the diagonal; `s`
    holds the visible units and then the hidden ones, of 0 and 1. Units are
    drawn one after the other, `p(s_i = 1) = sigmoid((W s)_i + b_i)`. The
    gradient is that of `E(data, hidden drawn) - E(chain)`, the chains going on
    from batch to batch. `loss` in the logs is the pseudo-likelihood, `-sum_i
    log p(v_i | all other units)`. Small machines only: a sweep takes as many
    steps as there are units.

    Args:
        visible_units: int.
        hidden_units: int. Defaults to 0.
        sweeps: int. Over all units, in each phase of a step. Defaults to 1.
        chains: int. Defaults to 64.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, visible_units)` of 0 and 1.

    Returns:
        Probabilities of each visible unit, given all other ones (the hidden
        ones in the mean field that they have without one another).

    Raises:
        ValueError: On sizes that cannot be; in `fit`, on values outside 0 to
            1, or on several replicas.

    Example:

    >>> import numpy as np
    >>> model = BoltzmannMachine(3, hidden_units=2)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 3)), verbose=0)
    >>> tuple(model(np.ones((5, 3))).shape)
    (5, 3)

    Reference:
        [Ackley et al., 1985](https://doi.org/10.1207/s15516709cog0901_7)
    """

    picture_range = (0.0, 1.0)
    one_device = True

    def __init__(
        self, visible_units, hidden_units=0, sweeps=1, chains=64, **kwargs
    ):
        super().__init__(**kwargs)
        if min(visible_units, sweeps, chains) < 1 or hidden_units < 0:
            raise ValueError(
                "`visible_units`, `sweeps` and `chains` must be positive, "
                f"`hidden_units` not negative. Received: {visible_units=}, "
                f"{hidden_units=}, {sweeps=}, {chains=}"
            )
        self.visible_units = visible_units
        self.hidden_units = hidden_units
        self.sweeps = sweeps
        self.chains = chains
        units = visible_units + hidden_units
        self.kernel = self.add_weight(
            name="kernel",
            shape=(units, units),
            initializer=keras.initializers.RandomNormal(stddev=0.01),
            autocast=False,
        )
        self.bias = self.add_weight(
            name="bias",
            shape=(units,),
            initializer="zeros",
            autocast=False,
        )
        self.chain_state = self.add_weight(
            name="chain_state",
            shape=(chains, units),
            initializer=keras.initializers.RandomUniform(0.0, 1.0),
            trainable=False,
            autocast=False,
        )
        self.seed_generator = keras.random.SeedGenerator()
        self.built = True

    @property
    def interactions(self):
        """The symmetric kernel without a diagonal: `(units, units)`."""
        half = ops.triu(ops.convert_to_tensor(self.kernel), k=1)
        return half + ops.transpose(half)

    def energy(self, states, beta=1.0):
        """`E(s)` of states `(n, units)`: floats `(n,)`.

        Args:
            states: float tensor `(n, units)`.
            beta: float. What the interactions are multiplied by. Defaults to
                1.
        """
        field = ops.matmul(states, self.interactions)
        field = 0.5 * beta * field + self.bias
        return -ops.sum(states * field, axis=-1)

    def sampled(self, states, first, sweeps, seed, beta=1.0):
        """States whose units from `first` on were drawn, one by one."""
        kernel = beta * self.interactions
        bias = ops.convert_to_tensor(self.bias)
        units = self.visible_units + self.hidden_units
        count = units - first

        def one(index, states):
            unit = first + index % count
            column = ops.take(kernel, unit, axis=1)[:, None]
            field = ops.matmul(states, column) + ops.take(bias, unit)
            here = ops.one_hot(unit, units, dtype="float32") > 0
            return ops.where(here, drawn(ops.sigmoid(field), seed), states)

        states = ops.stop_gradient(states)
        if not count:
            return states
        return ops.stop_gradient(ops.fori_loop(0, sweeps * count, one, states))

    def annealing_start(self, chains, rng):
        return independent_units(ops.convert_to_numpy(self.bias), chains, rng)

    def annealed_energy(self, states, beta):
        return self.energy(states, beta)

    def annealed_step(self, states, beta, seed):
        return self.sampled(states, 0, 1, seed, beta)

    def call(self, inputs, training=None):
        states = ops.cast(inputs, "float32")
        kernel, count = self.interactions, self.visible_units
        if self.hidden_units:
            hidden = ops.matmul(states, kernel[:count, count:])
            hidden = ops.sigmoid(hidden + self.bias[count:])
            states = ops.concatenate([states, hidden], axis=-1)
        field = ops.matmul(states, kernel) + self.bias
        return ops.cast(ops.sigmoid(field[:, :count]), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def objective(self, x, y, training):
        visible = ops.cast(x, "float32")
        said = ops.cast(self.call(visible), "float32")
        error = unlikeness(visible, said, "bernoulli")
        if not training:
            return {"loss": error}
        seed, batch = self.seed_generator, ops.shape(visible)[0]
        clamped = visible
        if self.hidden_units:
            hidden = drawn(0.5 * ops.ones((batch, self.hidden_units)), seed)
            clamped = ops.concatenate([visible, hidden], axis=-1)
            clamped = self.sampled(
                clamped, self.visible_units, self.sweeps, seed
            )
        free = ops.convert_to_tensor(self.chain_state)
        free = self.sampled(free, 0, self.sweeps, seed)
        self.chain_state.assign(free)
        gap = self.energy(clamped) - ops.mean(self.energy(free))
        return {"loss": surrogate_loss(error, gap)}

    def fit(self, x=None, y=None, *args, **kwargs):
        check_range(x, *self.picture_range)
        check_one_device(self, self.distribute_strategy)
        return super().fit(x, y, *args, **kwargs)

    def get_config(self):
        return {
            **super().get_config(),
            "visible_units": self.visible_units,
            "hidden_units": self.hidden_units,
            "sweeps": self.sweeps,
            "chains": self.chains,
        }
