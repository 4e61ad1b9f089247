import math

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import check_range
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.energy.annealed_importance import AnnealedPartition
from keras_nn.models.energy.annealed_importance import independent_units
from keras_nn.models.energy.gibbs_chains import GibbsChains
from keras_nn.models.energy.gibbs_chains import drawn
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.models.energy.surrogate_loss import surrogate_loss
from keras_nn.models.energy.surrogate_loss import unlikeness
from keras_nn.training import ObjectiveModel

VISIBLE = ("bernoulli", "gaussian")
METHODS = ("cd", "pcd", "tempering")


@keras.saving.register_keras_serializable(package="keras_nn")
class RBM(AnnealedPartition, ObjectiveModel):
    """Restricted Boltzmann machine: hidden units that explain visible ones.

    `E(v, h) = -a.v - b.h - v W h`, and for real values of unit variance
    `|v - a|^2 / 2 - b.h - v W h`. `log p(v) = -F(v) - log Z`, with the free
    energy `F(v) = -a.v - sum_j softplus(b_j + (v W)_j)`.

    The gradient is that of `F(v) - F(v~)`, `v~` drawn by Gibbs sampling:

    - `"cd"`: `steps` steps that begin at the data (CD-k);
    - `"pcd"`: `steps` steps that go on from those of the last batch, in
      `chains` chains;
    - `"tempering"`: as `"pcd"`, at several temperatures that change places.

    No function has that gradient, so `loss` in the logs is the cross entropy
    (for real values half the squared error) of the one-step reconstruction,
    beside `free_energy`.

    Args:
        example_shape: tuple of ints. Shape of an example.
        hidden_units: int.
        visible: str. `"bernoulli"`, for values of 0 to 1 (taken as
            probabilities), or `"gaussian"`, for standardised ones. Defaults
            to `"bernoulli"`.
        method: str. Defaults to `"cd"`.
        steps: int. Defaults to 1.
        chains: int. Defaults to 64.
        temperatures: int. Inverse temperatures from 1 to 0. Defaults to 8.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)`.

    Returns:
        Probabilities of the hidden units, `(batch, hidden_units)`.

    Raises:
        ValueError: On names or sizes that cannot be; in `fit`, on values
            outside 0 to 1, or on persistent chains on several replicas.

    Example:

    >>> model = RBM((4,), hidden_units=3)
    >>> model.compile("adam")
    >>> x = np.random.default_rng(0).integers(0, 2, (64, 4))
    >>> sorted(model.fit(x, verbose=0).history)
    ['free_energy', 'loss']
    >>> model.generate(5, seed=0).shape
    (5, 4)

    Reference:
        Hinton, 2002, Training products of experts; Tieleman, 2008 (PCD);
        Desjardins et al., 2010 (tempering)
    """

    parts = ("free_energy",)
    picture_range = (0.0, 1.0)
    num_classes = None
    generation_options = ("steps",)

    def __init__(
        self,
        example_shape,
        hidden_units,
        visible="bernoulli",
        method="cd",
        steps=1,
        chains=64,
        temperatures=8,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value, known in (
            ("visible", visible, VISIBLE),
            ("method", method, METHODS),
        ):
            if value not in known:
                raise ValueError(
                    f"`{name}` must be one of {known}. "
                    f"Received: {name}={value!r}"
                )
        if min(hidden_units, steps, chains) < 1 or temperatures < 2:
            raise ValueError(
                "`hidden_units`, `steps` and `chains` must be positive, "
                f"`temperatures` 2 at least. Received: {hidden_units=}, "
                f"{steps=}, {chains=}, {temperatures=}"
            )
        if method == "tempering" and visible == "gaussian":
            raise ValueError(
                "Real values have no hottest temperature. "
                f"Received: {method=}, {visible=}"
            )
        self.example_shape = tuple(example_shape)
        self.hidden_units = hidden_units
        self.visible = visible
        self.method = method
        self.steps = steps
        self.chains = chains
        self.temperatures = temperatures
        self.units = math.prod(self.example_shape)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.units, hidden_units),
            initializer=keras.initializers.RandomNormal(stddev=0.01),
            autocast=False,
        )
        for name, width in (
            ("visible_bias", self.units),
            ("hidden_bias", hidden_units),
        ):
            weight = self.add_weight(
                name=name,
                shape=(width,),
                initializer="zeros",
                autocast=False,
            )
            setattr(self, name, weight)
        self.seed_generator = keras.random.SeedGenerator()
        self.gibbs = GibbsChains(self)
        if method != "cd":
            hot = (temperatures,) if method == "tempering" else ()
            self.chain_state = self.add_weight(
                name="chain_state",
                shape=(*hot, chains, self.units),
                initializer=keras.initializers.RandomUniform(0.0, 1.0),
                trainable=False,
                dtype="float32",
                autocast=False,
            )
        self.built = True

    @property
    def one_device(self):
        """bool. Whether chains go on from batch to batch."""
        return self.method != "cd"

    def flat(self, inputs):
        """Examples as float32 rows `(n, units)`."""
        return ops.reshape(ops.cast(inputs, "float32"), (-1, self.units))

    def field(self, visible):
        """What each hidden unit is told, `b + v W`."""
        return ops.matmul(visible, self.kernel) + self.hidden_bias

    def expected(self, hidden, beta=1.0):
        """Means of visible rows, given hidden ones."""
        told = ops.matmul(hidden, ops.transpose(self.kernel))
        told = beta * told + self.visible_bias
        return ops.sigmoid(told) if self.visible == "bernoulli" else told

    def free_energy(self, inputs, beta=1.0):
        """`F(v)` of examples: floats `(n,)`, nats.

        Args:
            inputs: tensor `(n, ...)`.
            beta: float. What the interactions and the hidden biases are
                multiplied by. Defaults to 1.
        """
        visible = self.flat(inputs)
        bias = self.visible_bias
        if self.visible == "bernoulli":
            own = -ops.matmul(visible, bias)
        else:
            own = 0.5 * ops.sum(ops.square(visible - bias), axis=-1)
        hidden = ops.softplus(beta * self.field(visible))
        return own - ops.sum(hidden, axis=-1)

    def features(self, inputs):
        """Probabilities of the hidden units: `(n, hidden_units)`, float32."""
        return ops.sigmoid(self.field(self.flat(inputs)))

    def call(self, inputs, training=None):
        return ops.cast(self.features(inputs), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.hidden_units

    def objective(self, x, y, training):
        visible = self.flat(x)
        energy = self.free_energy(visible)
        rebuilt = self.expected(self.features(visible))
        error = unlikeness(visible, rebuilt, self.visible)
        if not training:
            return {"loss": error, "free_energy": energy}
        if self.method == "cd":
            again = self.gibbs.sample(visible, self.steps, self.seed_generator)
            gap = energy - self.free_energy(ops.stop_gradient(again))
        else:
            chains = self.gibbs.go_on(
                ops.convert_to_tensor(self.chain_state),
                self.steps,
                self.seed_generator,
            )
            self.chain_state.assign(chains)
            cold = chains[0] if self.method == "tempering" else chains
            negative = self.free_energy(ops.stop_gradient(cold))
            gap = energy - ops.mean(negative)
        loss = surrogate_loss(error, gap)
        return {"loss": loss, "free_energy": energy}

    def fit(self, x=None, y=None, *args, **kwargs):
        if self.visible == "bernoulli":
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
        means = self.gibbs(count, steps, seed_or_fresh(seed))
        return means.reshape(count, *self.example_shape)

    def annealing_start(self, chains, rng):
        bias = ops.convert_to_numpy(self.visible_bias)
        hidden = self.hidden_units * np.log(2)
        if self.visible == "bernoulli":
            start, log_z = independent_units(bias, chains, rng)
            return start, log_z + hidden
        start = bias + rng.normal(size=(chains, self.units))
        return start, 0.5 * self.units * np.log(2 * np.pi) + hidden

    def annealed_energy(self, states, beta):
        return self.free_energy(states, beta)

    def annealed_step(self, states, beta, seed):
        # Biases of visible units are whole at every temperature.
        hidden = drawn(ops.sigmoid(beta * self.field(states)), seed)
        return self.gibbs.around(self.expected(hidden, beta), seed)

    def log_likelihood(self, x, log_z=None, **annealing):
        """`-F(x) - log Z`: float32 array `(n,)`, nats.

        Args:
            x: array of examples.
            log_z: float or None: estimated by `log_partition(**annealing)`.
            **annealing: arguments of `log_partition`.
        """
        if log_z is None:
            log_z = self.log_partition(**annealing)[0]
        energy = self.free_energy(np.asarray(x, "float32"))
        return -ops.convert_to_numpy(energy) - np.float32(log_z)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        return {
            **super().get_config(),
            "example_shape": self.example_shape,
            "hidden_units": self.hidden_units,
            "visible": self.visible,
            "method": self.method,
            "steps": self.steps,
            "chains": self.chains,
            "temperatures": self.temperatures,
        }
