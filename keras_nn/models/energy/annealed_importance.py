import keras
import numpy as np
from keras import ops

from keras_nn.models.energy.gibbs_chains import drawn


class AnnealedImportance:
    """Estimates `log Z` of an `RBM`; keeps what is compiled.

    `Z = Z_0 E[exp(sum_k F_(k-1)(v_k) - F_k(v_k))]`, where `F_k` has the
    interactions and the hidden biases at `beta_k`, rising from 0 to 1, and
    `v_k` is a Gibbs step of `F_(k-1)` behind `v_(k-1)`. At 0 units are
    independent: `log Z_0` is known.

    Args:
        model: `RBM`.

    Reference:
        [Salakhutdinov and Murray, 2008](
        https://doi.org/10.1145/1390156.1390266)
    """

    def __init__(self, model):
        self.model = model
        self.compiled = {}

    def __call__(self, chains, temperatures, seed):
        if chains < 2 or temperatures < 1:
            raise ValueError(
                "`chains` must be 2 at least and `temperatures` positive. "
                f"Received: {chains=}, {temperatures=}"
            )
        if temperatures not in self.compiled:
            self.compiled[temperatures] = _Annealing(self.model, temperatures)
        annealing = self.compiled[temperatures]
        annealing.fresh.state.assign([seed, 1])
        rng = np.random.default_rng(seed)
        bias = ops.convert_to_numpy(self.model.visible_bias)
        size = (chains, self.model.units)
        if self.model.visible == "bernoulli":
            start = rng.uniform(size=size) < 1 / (1 + np.exp(-bias))
            log_z = np.logaddexp(0, bias).sum(dtype="float64")
        else:
            start = bias + rng.normal(size=size)
            log_z = 0.5 * self.model.units * np.log(2 * np.pi)
        log_z += self.model.hidden_units * np.log(2)
        weights = annealing.predict_on_batch(start.astype("float32"))
        weights = weights.astype("float64")
        most = weights.max()
        shares = np.exp(weights - most)
        mean, error = shares.mean(), shares.std(ddof=1) / np.sqrt(chains)
        bounds = [max(mean + k * error, 1e-300) for k in (0, -3, 3)]
        return tuple(float(log_z + most + np.log(b)) for b in bounds)


class _Annealing(keras.Model):
    """All the temperatures, as a model that Keras compiles: log weights."""

    def __init__(self, model, temperatures):
        super().__init__(dtype="float32", name="annealing")
        self.model = model
        self.temperatures = temperatures
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, inputs):
        model = self.model

        def step(index, carried):
            visible, total = carried
            before = ops.cast(index, "float32") / self.temperatures
            after = ops.cast(index + 1, "float32") / self.temperatures
            total = total + model.free_energy(visible, before)
            total = total - model.free_energy(visible, after)
            hidden = ops.sigmoid(after * model.field(visible))
            visible = model.expected(drawn(hidden, self.fresh), after)
            if model.visible == "bernoulli":
                return drawn(visible, self.fresh), total
            noise = keras.random.normal(
                ops.shape(visible), dtype="float32", seed=self.fresh
            )
            return visible + noise, total

        start = (inputs, ops.zeros_like(inputs[:, 0]))
        return ops.fori_loop(0, self.temperatures, step, start)[1]
