import keras
from keras import ops

from keras_nn.models.backbone import Backbone


class EncoderDecoder(Backbone):
    """A network that reads one text and writes another. Abstract.

    A subclass makes two `TokenStack`s and hands them over. What generates
    from it needs `vocabulary_size`, `context_length`, `start_id`, `end_id`
    and the methods below.

    Args:
        encoder: `TokenStack`. Its blocks attend to themselves.
        decoder: `TokenStack` with a head. Its blocks are causal and look at
            a context.
        padding_id: int. The id in sources that stands for nothing.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of int tensors: `source` of shape `(batch, length)`,
            padded with `padding_id`, and `target` of shape `(batch,
            target_length)`: what was written so far, with the start token.

    Returns:
        Logits of shape `(batch, target_length, vocabulary_size)`; entry `i`
        is about token `i + 1` of the target.
    """

    def __init__(self, encoder, decoder, padding_id=0, dtype=None, **kwargs):
        source = keras.Input((None,), dtype="int32", name="source")
        target = keras.Input((None,), dtype="int32", name="target")
        mask = ops.not_equal(source, padding_id)
        context = encoder.read(source, mask=mask)
        logits = decoder.read(target, context=context, context_mask=mask)
        super().__init__(
            {"source": source, "target": target}, logits, dtype=dtype, **kwargs
        )
        # No layers in Keras's eyes, which finds those in the graph.
        self._encoder = encoder
        self._decoder = decoder
        self.padding_id = padding_id

    def encode(self, source):
        """What the decoder needs of sources, worked out once.

        Args:
            source: int tensor of shape `(batch, length)`.

        Returns:
            A list of tensors whose leading axis is the batch: which tokens
            of the source are there, and each block's keys and values.
        """
        mask = ops.not_equal(source, self.padding_id)
        context = self._encoder.read(source, mask=mask)
        blocks = self._decoder.blocks
        pairs = [block.project(context) for block in blocks]
        return [mask, *(tensor for pair in pairs for tensor in pair)]

    def start_cache(self, batch, places):
        """An empty cache of the keys and values of every decoder block.

        Args:
            batch: int. Number of texts.
            places: int. Most tokens that a text may have.

        Returns:
            A list of float tensors, two a block.
        """
        return [
            tensor
            for block in self._decoder.blocks
            for tensor in block.attention.empty_cache(batch, places)
        ]

    def decode(self, ids, cache, index, positions=None, mask=None, memory=None):
        """Predicts from a few tokens, the cache, and what `encode` gave.

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
            memory: list of tensors, of `encode`.

        Returns:
            Logits of shape `(batch, length, vocabulary_size)`, and the cache
            with these tokens in it.
        """
        there, *projected = memory
        if positions is None:
            positions = index + ops.arange(ids.shape[1], dtype="int32")
        return self._decoder.write(
            ids, cache, index, positions, mask, there, projected
        )


class TokenStack:
    """Layers from ids to features: those of an encoder, or of a decoder.

    Args:
        embedding: layer from ids to features.
        blocks: list of `EncoderDecoderBlock`.
        norm: layer behind the last block, or None.
        positions: layer that adds positions, or None.
        bias: layer from places of queries and number of keys to a bias of
            the attention of every block, or None.
        scale: float. What embedded features are multiplied by.
        drop: `keras.layers.Dropout` of embedded features, or None.
        drops_last: bool. Whether features at the end are dropped, too.
        head: callable from features to logits, or None.
    """

    def __init__(
        self,
        embedding,
        blocks,
        norm=None,
        positions=None,
        bias=None,
        scale=1.0,
        drop=None,
        drops_last=False,
        head=None,
    ):
        self.embedding = embedding
        self.blocks = blocks
        self.norm = norm
        self.positions = positions
        self.bias = bias
        self.scale = scale
        self.drop = drop
        self.drops_last = drops_last
        self.head = head

    def read(self, ids, mask=None, **context):
        """Features, or logits, of whole texts."""
        x = self._embed(ids)
        bias = {} if self.bias is None else {"bias": self.bias(x)}
        for block in self.blocks:
            x = block(x, own_mask=mask, **context, **bias)
        return self._end(x)

    def write(self, ids, cache, index, positions, mask, there, projected):
        """Those of the next tokens, and the cache with them in it."""
        x = self._embed(ids, positions)
        bias = None
        if self.bias is not None:
            places = index + ops.arange(ids.shape[1], dtype="int32")
            bias = self.bias(x, places=places, keys=cache[0].shape[2])
        after = []
        pairs = zip(cache[::2], cache[1::2], strict=True)
        others = zip(projected[::2], projected[1::2], strict=True)
        for block, before, keys in zip(self.blocks, pairs, others, strict=True):
            x, pair = block(
                x,
                own_mask=mask,
                context_mask=there,
                projected=keys,
                bias=bias,
                cache=before,
                cache_index=index,
                training=False,
            )
            after += pair
        return self._end(x), after

    def _embed(self, ids, positions=None):
        x = self.embedding(ids)
        if self.scale != 1:
            x = x * self.scale
        if self.positions is not None:
            kwargs = {} if positions is None else {"positions": positions}
            x = self.positions(x, **kwargs)
        return x if self.drop is None else self.drop(x)

    def _end(self, x):
        if self.norm is not None:
            x = self.norm(x)
        if self.drops_last and self.drop is not None:
            x = self.drop(x)
        return x if self.head is None else self.head(x)
