import keras

from keras_nn.models.backbone import Backbone


class CausalDecoder(Backbone):
    """A language model that predicts each token from those before it.

    Abstract. A subclass makes the layers and hands them over; the names of
    the layers are part of the contract: `token_embedding`, `positions` (if
    there is one), `block_0`, `block_1` ..., `norm`, `head` (if the head is
    not the embedding itself).

    Args:
        token_embedding: `keras.layers.ReversibleEmbedding`.
        blocks: list of `CausalTransformerBlock`.
        norm: layer before the head.
        positions: `LearnedPositions` or None.
        head: layer from features to logits, or None: the embedding's table
            (or its own reverse table).
        dropout: float. Share of embedded features dropped in training.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`: token ids.

    Returns:
        Logits of shape `(batch, length, vocabulary_size)`; entry `i` is
        about token `i + 1`.
    """

    def __init__(
        self,
        token_embedding,
        blocks,
        norm,
        positions=None,
        head=None,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        ids = keras.Input((None,), dtype="int32", name="ids")
        x = token_embedding(ids)
        if positions is not None:
            x = positions(x)
        if dropout:
            x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(x)
        for block in blocks:
            x = block(x)
        x = norm(x)
        logits = token_embedding(x, reverse=True) if head is None else head(x)
        super().__init__(ids, logits, dtype=dtype, **kwargs)
        self._depth = len(blocks)
        self._has_positions = positions is not None
        self._has_head = head is not None

    def start_cache(self, batch, places):
        """An empty cache of the keys and values of every block.

        Args:
            batch: int. Number of texts.
            places: int. Most tokens that a text may have.

        Returns:
            A list of float tensors, two a block.
        """
        return [
            tensor
            for block in self._blocks()
            for tensor in block.attention.empty_cache(batch, places)
        ]

    def decode(
        self,
        ids,
        cache,
        index,
        positions=None,
        mask=None,
        return_features=False,
    ):
        """Predicts from a few tokens, and the cache of those before them.

        Args:
            ids: int tensor of shape `(batch, length)`.
            cache: list of float tensors, of `start_cache` or `decode`.
            index: int scalar, may be a tensor: the place of the first of
                these tokens in the cache.
            positions: int tensor of shape `(batch, length)` or None: the
                position of each token in its text, where that is not its
                place in the cache.
            mask: bool tensor of shape `(batch, places)` or None: which
                places of the cache belong to the text.
            return_features: bool. Whether features in front of the head are
                returned, too. Defaults to False.

        Returns:
            Logits of shape `(batch, length, vocabulary_size)`, and the cache
            with these tokens in it; then, if asked for, features of shape
            `(batch, length, width)`.
        """
        embedding = self.get_layer("token_embedding")
        x = embedding(ids)
        if self._has_positions:
            if positions is None:
                places = keras.ops.arange(ids.shape[1], dtype="int32")
                positions = index + places
            x = self.get_layer("positions")(x, positions=positions)
        after = []
        pairs = zip(cache[::2], cache[1::2], strict=True)
        for block, before in zip(self._blocks(), pairs, strict=True):
            x, pair = block(
                x,
                context_mask=mask,
                cache=before,
                cache_index=index,
                training=False,
            )
            after += pair
        x = self.get_layer("norm")(x)
        if self._has_head:
            logits = self.get_layer("head")(x)
        else:
            logits = embedding(x, reverse=True)
        return (logits, after, x) if return_features else (logits, after)

    def _blocks(self):
        return [self.get_layer(f"block_{i}") for i in range(self._depth)]


def check_sizes(**sizes):
    """Raises ValueError for the first size that is not positive."""
    for name, size in sizes.items():
        if size is not None and size < 1:
            raise ValueError(
                f"`{name}` must be positive. Received: {name}={size}"
            )
