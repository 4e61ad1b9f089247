import keras
from keras import ops

from keras_nn.models.energy.associative_model import AssociativeModel

RULES = ("hebb", "storkey", "pseudo_inverse")


@keras.saving.register_keras_serializable(package="keras_nn")
class HopfieldNetwork(AssociativeModel):
    """The classical Hopfield network: units of -1 and 1, symmetric weights.

    `E(s) = -1/2 s' W s`, with nothing on the diagonal; a unit becomes the sign
    of `W s` and stays where that is 0. One unit after the other, the energy
    never rises; all at once, it may run in circles of two.

    Patterns are stored one by one:

    - `"hebb"`: `W += x x' / N`. Random patterns are kept up to 0.138 N of
      them, with a few wrong units; many more, and all is lost.
    - `"storkey"`: `W_ij += (x_i x_j - x_i h_ji - h_ij x_j) / N`, `h_ij =
      sum_(k != i, j) W_ik x_k`: about `N / sqrt(2 log N)` of them.
    - `"pseudo_inverse"`: `W += r r' / r' r`, `r = x - W x`: a projection onto
      all patterns; up to `N` that are linearly independent, also alike ones.

    Args:
        example_shape: tuple of ints. Shape of a pattern.
        rule: str. Defaults to `"pseudo_inverse"`.
        synchronous: bool. Whether all units change at once. Defaults to
            False: one after the other, in a random order.
        steps: int. Sweeps over all units of a recall. Defaults to 20.
        noise: float. Share of units flipped where `fit` and `evaluate`
            measure. Defaults to 0.2.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)` of -1, 1, and 0 for unknown.

    Returns:
        The recalled patterns, a tensor of the same shape.

    Raises:
        ValueError: If there is no such rule.

    Example:

    >>> import numpy as np
    >>> memory = HopfieldNetwork((6,), rule="hebb")
    >>> memory.store(np.array([[1.0, 1, 1, -1, -1, -1]], "float32"))
    >>> states, energies = memory.recall(np.array([[1, 1, 0, 0, 0, -1]]))
    >>> states.tolist()
    [[1.0, 1.0, 1.0, -1.0, -1.0, -1.0]]

    Reference:
        [Hopfield, 1982](https://doi.org/10.1073/pnas.79.8.2554);
        [Amit et al., 1985](https://doi.org/10.1103/PhysRevLett.55.1530)
        (capacity); Storkey, 1997; Personnaz et al., 1985 (pseudo-inverse)
    """

    def __init__(
        self,
        example_shape,
        rule="pseudo_inverse",
        synchronous=False,
        steps=20,
        noise=0.2,
        **kwargs,
    ):
        super().__init__(example_shape, steps, noise, **kwargs)
        if rule not in RULES:
            raise ValueError(
                f"`rule` must be one of {RULES}. Received: {rule=}"
            )
        self.rule = rule
        self.synchronous = synchronous
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.units, self.units),
            initializer="zeros",
            trainable=False,
            dtype="float32",
        )
        self.built = True

    @property
    def interactions(self):
        """The kernel without its diagonal: a tensor `(units, units)`."""
        return ops.multiply(self.kernel, 1.0 - ops.eye(self.units))

    def store(self, patterns):
        """Stores patterns one after the other.

        Args:
            patterns: float tensor `(n, units)` of -1 and 1.
        """
        patterns = ops.convert_to_tensor(patterns, "float32")
        learn = {
            "hebb": self._hebb,
            "storkey": self._storkey,
            "pseudo_inverse": self._pseudo_inverse,
        }[self.rule]

        def one(index, kernel):
            return kernel + learn(kernel, patterns[index])

        start = ops.convert_to_tensor(self.kernel)
        count = ops.shape(patterns)[0]
        self.kernel.assign(ops.fori_loop(0, count, one, start))

    def _hebb(self, kernel, x):
        return ops.outer(x, x) * (1.0 - ops.eye(self.units)) / self.units

    def _storkey(self, kernel, x):
        field = ops.matmul(kernel, x)
        # h_ij of the others alone, W_ii being 0
        others = field[:, None] - kernel * x[None]
        change = ops.outer(x, x) - x[:, None] * ops.transpose(others)
        change = change - others * x[None]
        return change * (1.0 - ops.eye(self.units)) / self.units

    def _pseudo_inverse(self, kernel, x):
        rest = x - ops.matmul(kernel, x)
        size = ops.sum(ops.square(rest))
        # What is a mixture of others is known; rounding leaves a little.
        new = size > 1e-4 * self.units
        change = ops.outer(rest, rest) / ops.where(new, size, 1.0)
        return ops.where(new, change, 0.0)

    def energy(self, states):
        """`-1/2 s' W s` of states `(n, units)`: floats `(n,)`."""
        states = ops.convert_to_tensor(states, "float32")
        field = ops.matmul(states, self.interactions)
        return -0.5 * ops.sum(states * field, axis=-1)

    def update(self, states, noise):
        kernel = self.interactions
        if self.synchronous:
            return _sign(ops.matmul(states, kernel), states)
        order = ops.argsort(noise)

        def one(place, states):
            unit = order[place]
            column = ops.take(kernel, unit, axis=1)
            field = ops.matmul(states, column[:, None])
            here = ops.one_hot(unit, self.units, dtype="float32")
            return ops.where(here > 0, _sign(field, states), states)

        return ops.fori_loop(0, self.units, one, states)

    def get_config(self):
        return {
            **super().get_config(),
            "rule": self.rule,
            "synchronous": self.synchronous,
        }


def _sign(field, states):
    """The sign of a field; the old state where rounding decides."""
    signs = ops.where(field > 0, 1.0, -1.0)
    return ops.where(ops.abs(field) < 1e-6, states, signs)
