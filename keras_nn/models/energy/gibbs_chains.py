import keras
import numpy as np
from keras import ops


class GibbsChains:
    """Gibbs sampling of an `RBM`: visible and hidden units in turns.

    Args:
        model: `RBM`.
    """

    def __init__(self, model):
        self.model = model
        self.compiled = {}

    def sample(self, visible, steps, seed):
        """Visible rows after so many steps, without a gradient.

        Args:
            visible: float tensor `(n, units)`.
            steps: int.
            seed: `keras.random.SeedGenerator`.
        """

        def step(index, visible):
            return self.step(visible, seed)[0]

        visible = ops.stop_gradient(visible)
        return ops.stop_gradient(ops.fori_loop(0, steps, step, visible))

    def step(self, visible, seed, beta=None):
        """One step: `(visible, means)`.

        Args:
            visible: float tensor `(..., n, units)`.
            seed: `keras.random.SeedGenerator`.
            beta: tensor or None. Inverse temperature of zeros and ones, of
                their biases, too; None: 1.
        """
        model = self.model
        field = model.field(visible)
        if beta is None:
            hidden = drawn(ops.sigmoid(field), seed)
            means = model.expected(hidden)
        else:
            hidden = drawn(ops.sigmoid(beta * field), seed)
            told = ops.matmul(hidden, ops.transpose(model.kernel))
            means = ops.sigmoid(beta * (told + model.visible_bias))
        return self.around(means, seed), means

    def around(self, means, seed):
        """Visible units drawn around their means."""
        if self.model.visible == "bernoulli":
            return drawn(means, seed)
        noise = keras.random.normal(
            ops.shape(means), dtype="float32", seed=seed
        )
        return means + noise

    def go_on(self, state, steps, seed):
        """Chains that have gone on: a tensor of the shape of `state`."""
        if len(state.shape) == 2:
            return self.sample(state, steps, seed)
        beta = ops.linspace(1.0, 0.0, state.shape[0])[:, None, None]

        def step(index, state):
            state, _ = self.step(state, seed, beta)
            return self.exchanged(state, beta[:, 0], seed)

        return ops.stop_gradient(ops.fori_loop(0, steps, step, state))

    def exchanged(self, state, beta, seed):
        """Neighbours in temperature change places, as their energies ask.

        With `exp((beta_i - beta_j) (E_i - E_j))`, 1 at most, for the pairs
        that begin at an even temperature, then for the others.

        Args:
            state: float tensor `(temperatures, chains, units)`.
            beta: float tensor `(temperatures, 1)`.
            seed: `keras.random.SeedGenerator`.
        """
        count, model = state.shape[0], self.model
        for first in (0, 1):
            field = model.field(state)
            hidden = drawn(ops.sigmoid(beta[..., None] * field), seed)
            energy = -ops.matmul(state, model.visible_bias)
            energy = energy - ops.sum(hidden * field, axis=-1)
            partner = np.arange(count)
            for low in range(first, count - 1, 2):
                partner[low], partner[low + 1] = low + 1, low
            other = ops.take(beta, partner, axis=0)
            gain = (beta - other) * (energy - ops.take(energy, partner, axis=0))
            noise = keras.random.uniform(
                ops.shape(energy), dtype="float32", seed=seed
            )
            lower = np.minimum(np.arange(count), partner)
            noise = ops.take(noise, lower, axis=0)  # one for each pair
            changes = ops.log(ops.maximum(noise, 1e-30)) < gain
            state = ops.where(
                changes[..., None], ops.take(state, partner, axis=0), state
            )
        return state

    def __call__(self, count, steps, seed):
        """Means of the last of `steps` steps out of noise: an array."""
        if steps < 1 or count < 1:
            raise ValueError(
                "`count` and `steps` must be positive. "
                f"Received: {count=}, {steps=}"
            )
        if steps not in self.compiled:
            self.compiled[steps] = _Chain(self, steps)
        chain = self.compiled[steps]
        chain.fresh.state.assign([seed, 1])
        start = np.random.default_rng(seed).uniform(
            size=(count, self.model.units)
        )
        return chain.predict_on_batch(start.astype("float32"))


class _Chain(keras.Model):
    """All the steps of a chain, as a model that Keras compiles."""

    def __init__(self, chains, steps):
        super().__init__(dtype="float32", name="chain")
        self.chains = chains
        self.steps = steps
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, inputs):
        visible = self.chains.sample(inputs, self.steps - 1, self.fresh)
        return self.chains.step(visible, self.fresh)[1]


def drawn(probabilities, seed):
    """Zeros and ones of these probabilities, without a gradient."""
    noise = keras.random.uniform(
        ops.shape(probabilities), dtype="float32", seed=seed
    )
    return ops.stop_gradient(ops.cast(noise < probabilities, "float32"))
