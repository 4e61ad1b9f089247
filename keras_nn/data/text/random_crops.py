import itertools

import numpy as np

from keras_nn.data.text.windows import check_text


class RandomCrops:
    """Batches of blocks cut at random places out of a long text.

    A block is `length` tokens and, as targets, the same moved by one. Where
    blocks begin depends on `seed`, the number of the pass and the number of
    the batch alone.

    Args:
        ids: int array `(tokens,)`, at least `length + 1` of them.
        length: int. Tokens of a block.
        batch_size: int. Blocks of a batch.
        num_batches: int or None. Batches of a pass. Defaults to as many as
            hold the text once.
        seed: int. Defaults to 0.

    Raises:
        ValueError: if the text is shorter than a block.

    Example:

    >>> crops = RandomCrops(np.arange(100), length=4, batch_size=2)
    >>> x, y = next(iter(crops.at(epoch=0)))
    >>> x.shape, bool(np.all(y.numpy() == x.numpy() + 1)), crops.num_batches
    (TensorShape([2, 4]), True, 13)
    """

    def __init__(self, ids, length, batch_size, num_batches=None, seed=0):
        self.ids = np.asarray(ids, "int32")
        check_text(self.ids, length)
        tokens = length * batch_size
        self.length = length
        self.batch_size = batch_size
        self.num_batches = num_batches or -(-len(self.ids) // tokens)
        self.seed = seed

    def batches_from(self, start):
        """The batches of one pass.

        Args:
            start: `tf.data.Dataset` of one element, a pair of int64 scalars:
                the number of the pass and of its first batch, from 0.

        Returns:
            A `tf.data.Dataset` of pairs of int32 tensors
            `(batch_size, length)`.
        """
        import tensorflow as tf

        with tf.device("CPU:0"):
            ids = tf.constant(self.ids)
        places = tf.range(self.length + 1, dtype="int64")[None]
        last = tf.constant(len(self.ids) - self.length, "int64")

        def numbers(epoch, batch):
            rest = tf.range(batch, self.num_batches, dtype="int64")
            return tf.data.Dataset.from_tensor_slices(
                (tf.fill(tf.shape(rest), epoch), rest)
            )

        def crop(epoch, batch):
            starts = tf.random.stateless_uniform(
                (self.batch_size, 1),
                [self.seed, epoch * 2**32 + batch],
                maxval=last,
                dtype="int64",
            )
            block = tf.gather(ids, starts + places)
            block.set_shape((self.batch_size, self.length + 1))
            return block[:, :-1], block[:, 1:]

        return start.flat_map(numbers).map(
            crop, num_parallel_calls=2, deterministic=True
        )

    def at(self, epoch, batch=0):
        """The batches of pass `epoch` from number `batch` on."""
        import tensorflow as tf

        position = tf.constant(epoch, "int64"), tf.constant(batch, "int64")
        return self.batches_from(tf.data.Dataset.from_tensors(position))

    def dataset(self):
        """A `tf.data.Dataset` whose next pass is the next one in order."""
        import tensorflow as tf

        from keras_nn.data.batches import finished

        passes = itertools.count()

        def read(_):
            # Kept in Python, since a variable would be mirrored in a scope.
            number = tf.numpy_function(
                lambda: np.int64(next(passes)), [], tf.int64, stateful=True
            )
            number.set_shape(())
            return number, tf.constant(0, "int64")

        dataset = self.batches_from(tf.data.Dataset.range(1).map(read))
        return finished(dataset, self.num_batches)
