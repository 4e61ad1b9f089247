import keras
from keras import ops

from keras_nn.models.backbone import Backbone


class RecurrentDecoder(Backbone):
    """A language model that remembers a text in states of a fixed size.

    Abstract. What it offers is what `CausalDecoder` offers, so that texts are
    generated alike; but a token costs the same after a million others. A
    subclass makes the layers and hands them over; the names of the layers are
    part of the contract: `token_embedding`, `block_0`, `block_1` ..., `norm`
    (if there is one), `head` (if the head is not the embedding itself).

    Args:
        token_embedding: `keras.layers.ReversibleEmbedding`.
        blocks: list of layers; `run_block` of the subclass calls them.
        norm: layer before the head, or None.
        head: layer from features to logits, or None: the embedding's table.
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
        norm=None,
        head=None,
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        ids = keras.Input((None,), dtype="int32", name="ids")
        x = token_embedding(ids)
        for index, block in enumerate(blocks):
            if dropout:
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
            x = block(x)
        if norm is not None:
            x = norm(x)
        logits = token_embedding(x, reverse=True) if head is None else head(x)
        super().__init__(ids, logits, dtype=dtype, **kwargs)
        self._depth = len(blocks)
        self._has_norm = norm is not None
        self._has_head = head is not None

    def run_block(self, block, inputs, state, there):
        """Features behind a block, and its state: what a subclass tells.

        Args:
            block: one of the blocks.
            inputs: float tensor of shape `(batch, length, features)`.
            state: list of float tensors.
            there: bool tensor of shape `(batch, length)` or None: which
                tokens are there. The others change no state.
        """
        raise NotImplementedError

    def start_block(self, block, batch):
        """The state of a block before the first token: a list of tensors."""
        raise NotImplementedError

    def start_cache(self, batch, places):
        """The states before the first token.

        Args:
            batch: int. Number of texts.
            places: int. Not needed: a state has one size.

        Returns:
            A list of float tensors whose leading axis is the batch.
        """
        return [
            tensor
            for block in self._blocks()
            for tensor in self.start_block(block, batch)
        ]

    def decode(self, ids, cache, index, positions=None, mask=None):
        """Predicts from a few tokens, and the states of those before them.

        Args:
            ids: int tensor of shape `(batch, length)`.
            cache: list of float tensors, of `start_cache` or `decode`.
            index: int scalar, may be a tensor: how many tokens came before,
                those that are not there included.
            positions: not needed: the states know.
            mask: bool tensor of shape `(batch, places)` or None: which of
                all tokens belong to the text.

        Returns:
            Logits of shape `(batch, length, vocabulary_size)`, and the states
            behind these tokens.
        """
        there = None
        if mask is not None:
            there = ops.slice(mask, (0, index), (mask.shape[0], ids.shape[1]))
        embedding = self.get_layer("token_embedding")
        x = embedding(ids)
        blocks, after = self._blocks(), []
        share = len(cache) // len(blocks)
        for number, block in enumerate(blocks):
            state = list(cache[number * share : (number + 1) * share])
            x, state = self.run_block(block, x, state, there)
            after += state
        if self._has_norm:
            x = self.get_layer("norm")(x)
        if self._has_head:
            return self.get_layer("head")(x), after
        return embedding(x, reverse=True), after

    def _blocks(self):
        return [self.get_layer(f"block_{i}") for i in range(self._depth)]
