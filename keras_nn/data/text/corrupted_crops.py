from keras_nn.data.text.random_crops import RandomCrops


class CorruptedCrops(RandomCrops):
    """Batches of blocks of a long text, passages taken out.

    As `RandomCrops`; a batch is a dict of `"source"`, what is read, and
    `"target"`, what was written so far (with the start token), and what is to
    be written, as an encoder-decoder takes them. Which passages are taken out
    depends on `seed`, the number of the pass and of the batch alone.

    Args:
        ids: int array `(tokens,)`, at least `length + 1` of them.
        length: int. Tokens of a block.
        batch_size: int. Blocks of a batch.
        corruption: `SpanCorruption`.
        start_id: int. The token before what is written. Defaults to 0.
        num_batches: int or None. Batches of a pass. Defaults to as many as
            hold the text once.
        seed: int. Defaults to 0.

    Raises:
        ValueError: if the text is shorter than a block, or a block has more
            passages than there are sentinels.

    Example:

    >>> import numpy as np
    >>> from keras_nn.data import SpanCorruption
    >>> corruption = SpanCorruption((90, 91), end_id=1)
    >>> crops = CorruptedCrops(np.arange(80), 20, 2, corruption)
    >>> x, y = next(iter(crops.at(epoch=0)))
    >>> x["source"].shape, x["target"].shape, y.shape
    (TensorShape([2, 19]), TensorShape([2, 5]), TensorShape([2, 5]))
    """

    def __init__(
        self,
        ids,
        length,
        batch_size,
        corruption,
        start_id=0,
        num_batches=None,
        seed=0,
    ):
        super().__init__(ids, length, batch_size, num_batches, seed)
        corruption.counts(length)
        self.corruption = corruption
        self.start_id = start_id

    def examples(self):
        import tensorflow as tf

        read, written = self.corruption.lengths(self.length)

        def corrupted(places, seed):
            x, y = tf.numpy_function(
                lambda places, seed: self.corruption(
                    self.ids[places], seed.astype("uint64")
                ),
                [places[:, :-1], seed],
                [tf.int32, tf.int32],
                stateful=False,
            )
            x.set_shape((self.batch_size, read))
            y.set_shape((self.batch_size, written))
            start = tf.fill((self.batch_size, 1), self.start_id)
            target = tf.concat([start, y[:, :-1]], axis=1)
            return {"source": x, "target": target}, y

        return corrupted
