import functools

from keras_nn.data.ordered_batches import OrderedBatches
from keras_nn.data.steps import steps


class SplitBatches(OrderedBatches):
    """The batches of a `Split`; see `Split.batches` for the arguments.

    The order of pass `k` depends on `seed` and `k` alone.

    Args:
        split: `Split`.
        batch_size: int.
        shuffle: bool.
        seed: int.
        drop_remainder: bool.
        cache: bool.

    Raises:
        ValueError: If there is no example, or not one full batch although
            `drop_remainder` is set.

    Example:

    >>> import numpy as np
    >>> from keras_nn.data import Split
    >>> batches = Split(np.arange(6), np.arange(6)).ordered(2, shuffle=True)
    >>> whole = [y.tolist() for _, y in batches.at(3).as_numpy_iterator()]
    >>> rest = [y.tolist() for _, y in batches.at(3, 1).as_numpy_iterator()]
    >>> rest == whole[1:]
    True
    """

    def __init__(
        self,
        split,
        batch_size,
        shuffle=False,
        seed=0,
        drop_remainder=False,
        cache=False,
    ):
        self.split = split
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.drop_remainder = drop_remainder
        self.cache = cache
        self._num_batches = steps(split, batch_size, drop_remainder)

    @property
    def num_batches(self):
        return self._num_batches

    def batches_from(self, start):
        from keras_nn.data.batches import array_batches
        from keras_nn.data.batches import file_batches

        split = self.split
        if split.decode is None or self.cache:
            make = functools.partial(array_batches, start, *split.arrays())
        else:
            make = functools.partial(
                file_batches, start, split.x, split.y, split.decode
            )
        return make(
            self.batch_size, self.drop_remainder, self.shuffle, self.seed
        )
