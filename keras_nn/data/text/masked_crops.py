import numpy as np

from keras_nn.data.text.random_crops import RandomCrops


class MaskedCrops(RandomCrops):
    """Batches of blocks of a long text in which words are hidden.

    As `RandomCrops`; the targets are the tokens that are hidden. Which ones
    are depends on `seed`, the number of the pass and of the batch alone.

    Args:
        ids: int array `(tokens,)`, at least `length + 1` of them.
        length: int. Tokens of a block.
        batch_size: int. Blocks of a batch.
        masking: `TokenMasking`.
        words: int array `(tokens,)` that rises by one with each word, or
            None: every token is a word.
        num_batches: int or None. Batches of a pass. Defaults to as many as
            hold the text once.
        seed: int. Defaults to 0.

    Raises:
        ValueError: if the text is shorter than a block, or `words` than it.

    Example:

    >>> from keras_nn.data import TokenMasking
    >>> masking = TokenMasking(2, vocabulary_size=50, first_id=3)
    >>> ids = 3 + np.arange(40)
    >>> crops = MaskedCrops(ids, length=8, batch_size=2, masking=masking)
    >>> x, y = next(iter(crops.at(epoch=0)))
    >>> x.shape, bool(np.all((x.numpy() == y.numpy()) <= (y.numpy() >= 0)))
    (TensorShape([2, 8]), True)
    """

    def __init__(
        self,
        ids,
        length,
        batch_size,
        masking,
        words=None,
        num_batches=None,
        seed=0,
    ):
        super().__init__(ids, length, batch_size, num_batches, seed)
        if words is not None and len(words) != len(self.ids):
            raise ValueError(
                "`words` must number every token. Received: "
                f"{len(words)} numbers, {len(self.ids)} tokens"
            )
        self.masking = masking
        self.words = None if words is None else np.asarray(words, "int32")

    def examples(self):
        import tensorflow as tf

        with tf.device("CPU:0"):
            ids = tf.constant(self.ids)
            words = None if self.words is None else tf.constant(self.words)

        def hidden(places, seed):
            places = places[:, :-1]
            places.set_shape((self.batch_size, self.length))
            numbers = None if words is None else tf.gather(words, places)
            return self.masking(tf.gather(ids, places), seed, numbers)

        return hidden
