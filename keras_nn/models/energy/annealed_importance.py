import keras
import numpy as np
from keras import ops


class AnnealedPartition:
    """What a Boltzmann machine gets `log_partition` from. Abstract.

    `Z = Z_0 E[exp(sum_k F_(k-1)(s_k) - F_k(s_k))]`, where `F_k` has the
    interactions (and the biases, if the machine says so) at `beta_k`, rising
    from 0 to 1, and `s_k` is a Gibbs step of `F_(k-1)` behind `s_(k-1)`. At 0
    units are independent: `log Z_0` is known. The states `s` are those of some
    units; the other ones are summed out in `F`.

    A subclass, a `keras.Model`, defines

    - `annealing_start(chains, rng)`: states drawn at 0, and `log Z_0`;
    - `annealed_energy(states, beta)`: `F`, floats `(chains,)`;
    - `annealed_step(states, beta, seed)`: states, a Gibbs step later.

    Reference:
        [Salakhutdinov and Murray, 2008](
        https://doi.org/10.1145/1390156.1390266)
    """

    def log_partition(self, chains=100, temperatures=1000, seed=0):
        """`log Z` by annealed importance sampling.

        Args:
            chains: int. Independent runs. Defaults to 100.
            temperatures: int. Steps from independent units to this machine.
                Defaults to 1000.
            seed: int. Defaults to 0.

        Returns:
            `(log_z, low, high)`: floats; the bounds are three standard errors
            of the mean weight away.

        Raises:
            ValueError: On fewer than two chains, or no temperature.
        """
        if chains < 2 or temperatures < 1:
            raise ValueError(
                "`chains` must be 2 at least and `temperatures` positive. "
                f"Received: {chains=}, {temperatures=}"
            )
        compiled = self.__dict__.setdefault("_annealings", {})
        if temperatures not in compiled:
            compiled[temperatures] = _Annealing(self, temperatures)
        annealing = compiled[temperatures]
        annealing.fresh.state.assign([seed, 1])
        start, log_z = self.annealing_start(chains, np.random.default_rng(seed))
        weights = annealing.predict_on_batch(start.astype("float32"))
        weights = weights.astype("float64")
        most = weights.max()
        shares = np.exp(weights - most)
        mean, error = shares.mean(), shares.std(ddof=1) / np.sqrt(chains)
        bounds = [max(mean + k * error, 1e-300) for k in (0, -3, 3)]
        return tuple(float(log_z + most + np.log(b)) for b in bounds)

    def annealing_start(self, chains, rng):
        """States drawn at 0, `(chains, ...)`, and `log Z_0`."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `annealing_start`."
        )

    def annealed_energy(self, states, beta):
        """Free energies of states at an inverse temperature: `(chains,)`."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `annealed_energy`."
        )

    def annealed_step(self, states, beta, seed):
        """States, a Gibbs step at an inverse temperature later."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `annealed_step`."
        )


def independent_units(bias, chains, rng):
    """States of units with biases and nothing else, and their `log Z_0`.

    Args:
        bias: array `(units,)`.
        chains: int. How many states.
        rng: `numpy.random.Generator`.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> states, log_z = independent_units(np.zeros(3), 2, rng)
    >>> states.shape, round(float(log_z), 4)
    ((2, 3), 2.0794)
    """
    bias = np.asarray(bias, "float64")
    states = rng.uniform(size=(chains, len(bias))) < 1 / (1 + np.exp(-bias))
    return states, np.logaddexp(0, bias).sum()


class _Annealing(keras.Model):
    """All the temperatures, as a model that Keras compiles: log weights."""

    def __init__(self, model, temperatures):
        super().__init__(dtype="float32", name="annealing")
        object.__setattr__(self, "model", model)  # which would hold itself
        self.temperatures = temperatures
        self.fresh = keras.random.SeedGenerator(0)
        self.jit_compile = False

    def call(self, inputs):
        model = self.model

        def step(index, carried):
            states, total = carried
            before = ops.cast(index, "float32") / self.temperatures
            after = ops.cast(index + 1, "float32") / self.temperatures
            total = total + model.annealed_energy(states, before)
            total = total - model.annealed_energy(states, after)
            return model.annealed_step(states, after, self.fresh), total

        start = (inputs, ops.zeros_like(inputs[:, 0]))
        return ops.fori_loop(0, self.temperatures, step, start)[1]
