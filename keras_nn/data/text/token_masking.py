import dataclasses


@dataclasses.dataclass(frozen=True)
class TokenMasking:
    """Hides words of a text, for a model that has to guess them.

    Of all words a share is drawn; of the tokens of those 80 % become
    `mask_id`, 10 % a random token, 10 % stay what they are. A word is drawn
    as a whole.

    Args:
        mask_id: int. The token that hides another.
        vocabulary_size: int. Number of tokens.
        first_id: int. The tokens below are no words: they are not hidden, and
            hide nothing.
        rate: float in (0, 1). Share of the words that are drawn. Defaults to
            0.15.
        ignore_class: int. The target of what is not drawn. Defaults to -1.

    Raises:
        ValueError: on a rate that is no share, or no token to draw.

    Example:

    >>> import numpy as np
    >>> masking = TokenMasking(2, vocabulary_size=9, first_id=3, rate=0.5)
    >>> x, y = masking(np.array([[3, 4, 5, 6, 7, 8]]), seed=(0, 0))
    >>> bool(np.all((y.numpy() == -1) | (y.numpy() > 2)))
    True

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805), section 3.1
    """

    mask_id: int
    vocabulary_size: int
    first_id: int
    rate: float = 0.15
    ignore_class: int = -1

    def __post_init__(self):
        if not 0 < self.rate < 1:
            raise ValueError(
                f"`rate` must lie between 0 and 1. Received: rate={self.rate}"
            )
        if not 0 <= self.first_id < self.vocabulary_size:
            raise ValueError(
                "There must be a token from `first_id` on. Received: "
                f"first_id={self.first_id}, "
                f"vocabulary_size={self.vocabulary_size}"
            )

    def __call__(self, ids, seed, words=None):
        """Hides words.

        Args:
            ids: int tensor of shape `(batch, length)`.
            seed: pair of int. The same seed hides the same words.
            words: int tensor of that shape, which rises by one with each word
                of a text, or None: every token is a word.

        Returns:
            Two int32 tensors of the shape of `ids`: what the model sees, and
            the tokens to guess, `ignore_class` elsewhere.
        """
        import tensorflow as tf

        ids = tf.cast(ids, "int32")
        shape = tf.shape(ids)
        seeds = tf.random.split(tf.cast(seed, "int64"), 3)
        drawn = tf.random.stateless_uniform(shape, seeds[0]) < self.rate
        if words is not None:
            number = tf.cast(words - words[:, :1], "int32")
            drawn = tf.gather(drawn, number, batch_dims=1)
        drawn &= ids >= self.first_id
        how = tf.random.stateless_uniform(shape, seeds[1])
        other = tf.random.stateless_uniform(
            shape,
            seeds[2],
            minval=self.first_id,
            maxval=self.vocabulary_size,
            dtype="int32",
        )
        seen = tf.where(
            how < 0.8, self.mask_id, tf.where(how < 0.9, other, ids)
        )
        return (
            tf.where(drawn, seen, ids),
            tf.where(drawn, ids, self.ignore_class),
        )
