import keras
from keras import ops

from keras_nn.models.energy.associative_model import AssociativeModel


@keras.saving.register_keras_serializable(package="keras_nn")
class DenseMemory(AssociativeModel):
    """The modern Hopfield network as a memory: it keeps the patterns whole.

    `E(s) = -1/beta log sum_i exp(-beta / 2 |s - x_i|^2)`; a sweep is `s <-
    sum_i w_i x_i`, `w = softmax_i(-beta / 2 |s - x_i|^2)`. For patterns of one
    length that is the update of the paper, `softmax(beta * X s)`, which falls
    to the longest where lengths differ, as those of pictures do. Units that
    are 0 are unknown and left out of the distance (so the energy may rise in
    the first sweep, never later). The number of patterns that are kept grows
    exponentially with their units, and states are real numbers: grey pictures
    stay grey.

    Args:
        example_shape: tuple of ints. Shape of a pattern.
        capacity: int. Number of patterns there is room for; what is stored
            beyond it replaces the oldest.
        beta: float. Inverse temperature, in units of `1 / units`: the higher,
            the less patterns that are alike are mixed. Defaults to 8.
        steps: int. Sweeps of a recall. Defaults to 5.
        noise: float. Share of units flipped where `fit` and `evaluate`
            measure. Defaults to 0.2.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)` of -1 to 1, 0 for unknown.

    Returns:
        The recalled patterns, a tensor of the same shape.

    Raises:
        ValueError: If there is no room, or `beta` is not positive.

    Example:

    >>> import numpy as np
    >>> memory = DenseMemory((4,), capacity=3)
    >>> memory.store(np.array([[1, 1, -1, 0.5], [-1, 1, 1, 0]], "float32"))
    >>> states, _ = memory.recall(np.array([[1, 1, 0, 0]]))
    >>> states.round(2).tolist()
    [[1.0, 1.0, -1.0, 0.5]]

    Reference:
        [Ramsauer et al., 2021](https://arxiv.org/abs/2008.02217), section 2
    """

    def __init__(
        self, example_shape, capacity, beta=8.0, steps=5, noise=0.2, **kwargs
    ):
        super().__init__(example_shape, steps, noise, **kwargs)
        if capacity < 1 or not beta > 0:
            raise ValueError(
                "`capacity` and `beta` must be positive. "
                f"Received: {capacity=}, {beta=}"
            )
        self.capacity = capacity
        self.beta = beta
        self.stored = self.add_weight(
            name="stored",
            shape=(capacity, self.units),
            initializer="zeros",
            trainable=False,
            dtype="float32",
        )
        self.next_place = self.add_weight(
            name="next_place",
            shape=(),
            dtype="int32",
            initializer="zeros",
            trainable=False,
        )
        self.built = True

    @property
    def _known(self):
        return ops.arange(self.capacity) < self.next_place

    def store(self, patterns):
        """Keeps patterns that are not there yet.

        Args:
            patterns: float tensor `(n, units)`.
        """
        patterns = ops.convert_to_tensor(patterns, "float32")

        def one(index, carried):
            stored, place = carried
            pattern = patterns[index]
            filled = ops.arange(self.capacity) < place
            same = ops.max(ops.abs(stored - pattern), axis=-1) < 1e-6
            old = ops.any(ops.logical_and(same, filled))
            where = ops.arange(self.capacity) == place % self.capacity
            where = ops.logical_and(where, ops.logical_not(old))
            stored = ops.where(where[:, None], pattern[None], stored)
            return stored, place + ops.cast(ops.logical_not(old), "int32")

        stored, place = ops.fori_loop(
            0,
            ops.shape(patterns)[0],
            one,
            (
                ops.convert_to_tensor(self.stored),
                ops.convert_to_tensor(self.next_place),
            ),
        )
        self.stored.assign(stored)
        self.next_place.assign(place)

    def energy(self, states):
        """The energy of states `(n, units)`: floats `(n,)`."""
        states = ops.convert_to_tensor(states, "float32")
        beta = self.beta / self.units
        scores = self._scores(states, ops.ones_like(states))
        square = 0.5 * ops.sum(ops.square(states), axis=-1)
        return square - ops.logsumexp(scores, axis=-1) / beta

    def _scores(self, states, known):
        """`beta * (s . x_i - |x_i|^2 / 2)`, over units that are known."""
        across = ops.transpose(ops.convert_to_tensor(self.stored))
        scores = ops.matmul(states, across)
        scores = scores - 0.5 * ops.matmul(known, ops.square(across))
        scores = self.beta / self.units * scores
        return ops.where(self._known, scores, -1e9)

    def update(self, states, noise):
        known = ops.cast(states != 0, "float32")
        weights = ops.softmax(self._scores(states, known), axis=-1)
        return ops.matmul(weights, self.stored)

    def get_config(self):
        return {
            **super().get_config(),
            "capacity": self.capacity,
            "beta": self.beta,
        }
