import dataclasses
from collections.abc import Callable

import numpy as np

from keras_nn.data.decoded import decoded
from keras_nn.data.split_batches import SplitBatches
from keras_nn.data.stratified import random_split
from keras_nn.data.stratified import stratified_split


@dataclasses.dataclass(frozen=True, eq=False)
class Split:
    """Examples that belong together: a training, validation or test set.

    Args:
        x: array of shape `(n, ...)`: the inputs, or, when `decode` is given,
            of shape `(n,)`: paths of files, or numbers of records.
        y: array of shape `(n, ...)`: the targets; integers of shape `(n,)`
            for class labels.
        decode: optional callable from one entry of `x` to one input, an
            array whose shape and dtype are the callable's attributes `shape`
            and `dtype`; or a dict of arrays, and the attributes are dicts.
            E.g. an `ImageReader`. It is called in threads.

    Raises:
        ValueError: If `x` and `y` differ in length.

    Example:

    >>> import numpy as np
    >>> split = Split(np.arange(10.0), np.arange(10) % 2)
    >>> train, validation = split.split(0.2)
    >>> len(train), len(validation)
    (8, 2)
    >>> for x, y in validation.batches(2):
    ...     print(x.shape, y.shape)
    (2,) (2,)
    """

    x: np.ndarray
    y: np.ndarray
    decode: Callable | None = None

    def __post_init__(self):
        if len(self.x) != len(self.y):
            raise ValueError(
                "`x` and `y` must hold one entry per example. Received: "
                f"{len(self.x)} inputs and {len(self.y)} targets"
            )

    def __len__(self):
        return len(self.y)

    @property
    def shape(self):
        """The shape of one input: a tuple of int, or a dict of such."""
        return self.decode.shape if self.decode else tuple(self.x.shape[1:])

    def batches(
        self,
        batch_size,
        shuffle=False,
        seed=0,
        drop_remainder=False,
        cache=False,
    ):
        """Batches as a `tf.data.Dataset` that works ahead of the model.

        With `shuffle` every pass over the data set has another order; the
        order of pass `k` depends on `seed` and `k` alone. Keras looks at one
        batch of a new model before training, which counts as a pass.

        Args:
            batch_size: int. Examples per batch.
            shuffle: bool. Whether to draw the examples in random order.
            seed: int. The same seed gives the same sequence of orders.
            drop_remainder: bool. Whether to leave out a smaller last batch.
            cache: bool. Whether to decode files once and keep the result in
                memory; arrays are in memory anyway.

        Returns:
            A `tf.data.Dataset` of `(x, y)` of known cardinality, batched and
            prefetched; `x` is a dict where `decode` returns one.

        Raises:
            ValueError: If there is no example, or not one full batch although
                `drop_remainder` is set.
        """
        return self.ordered(
            batch_size, shuffle, seed, drop_remainder, cache
        ).dataset()

    def ordered(
        self,
        batch_size,
        shuffle=False,
        seed=0,
        drop_remainder=False,
        cache=False,
    ):
        """The batches of `batches` as `OrderedBatches`, for `fit` to resume.

        Args: as those of `batches`.
        """
        return SplitBatches(
            self, batch_size, shuffle, seed, drop_remainder, cache
        )

    def arrays(self, limit=None):
        """All examples, or the first `limit`, as two arrays `(x, y)`."""
        if limit is not None:
            return self.take(limit).arrays()
        if self.decode is None:
            return self.x, self.y
        return decoded(self.x, self.decode), self.y

    def take(self, n):
        """A split of the first `n` examples."""
        return self[np.arange(min(n, len(self)))]

    def split(self, fraction, seed=0, stratify=None):
        """Two splits: the rest, and a random share of the examples.

        Args:
            fraction: float in `(0, 1)`. The share of the second split.
            seed: int. The same seed gives the same two splits.
            stratify: bool or None. Whether every class keeps its share in
                both. None means: if every example has one class.

        Returns:
            A tuple of two `Split`, e.g. training and validation set.
        """
        if stratify is None:
            y = np.asarray(self.y)
            stratify = y.ndim == 1 and np.issubdtype(y.dtype, np.integer)
        if stratify:
            rest, share = stratified_split(self.y, fraction, seed)
        else:
            rest, share = random_split(len(self), fraction, seed)
        return self[rest], self[share]

    def __getitem__(self, indices):
        """A split of the examples at `indices`, an array of int."""
        return dataclasses.replace(self, x=self.x[indices], y=self.y[indices])

    def __repr__(self):
        return f"Split({len(self)} examples of shape {self.shape})"
