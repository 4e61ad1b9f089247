import numpy as np

from keras_nn.data.ordered_batches import OrderedBatches
from keras_nn.data.text.windows import check_text


class RandomCrops(OrderedBatches):
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
        self._num_batches = num_batches or -(-len(self.ids) // tokens)
        self.seed = seed

    @property
    def num_batches(self):
        return self._num_batches

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import finished

        example = self.examples()
        places = tf.range(self.length + 1, dtype="int64")[None]
        last = tf.constant(len(self.ids) - self.length, "int64")

        def numbers(epoch, batch):
            rest = tf.range(batch, self.num_batches, dtype="int64")
            return tf.data.Dataset.from_tensor_slices(
                (tf.fill(tf.shape(rest), epoch), rest)
            )

        def crop(epoch, batch):
            seed = [self.seed, epoch * 2**32 + batch]
            starts = tf.random.stateless_uniform(
                (self.batch_size, 1), seed, maxval=last, dtype="int64"
            )
            return example(starts + places, seed)

        return finished(
            start.flat_map(numbers).map(
                crop, num_parallel_calls=2, deterministic=True
            )
        )

    def examples(self):
        """How places become a batch: a function that TensorFlow traces.

        Returns:
            A callable of places, int64 of shape `(batch, length + 1)`, and
            the seed of the batch, to what the model is given.
        """
        import tensorflow as tf

        with tf.device("CPU:0"):
            ids = tf.constant(self.ids)

        def next_tokens(places, seed):
            block = tf.gather(ids, places)
            block.set_shape((self.batch_size, self.length + 1))
            return block[:, :-1], block[:, 1:]

        return next_tokens
