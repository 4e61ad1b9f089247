import keras
from keras import ops

from keras_nn.layers.rnn.attentive_decoder import AttentiveDecoder
from keras_nn.models.backbone import Backbone
from keras_nn.models.transformer.causal_decoder import check_sizes

CELLS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


@keras.saving.register_keras_serializable(package="keras_nn")
class Seq2SeqRNN(Backbone):
    """Reads a text in both directions, and writes another with attention.

    `m = [forwards(E[source]), backwards(E[source])]`; the summary is the last
    state of each direction; then `AttentiveDecoder`. Texts are generated as
    from a `TransformerSeq2Seq`.

    Args:
        vocabulary_size: int. Number of tokens of the source.
        target_vocabulary_size: int or None. Number of tokens of the target.
            Defaults to None: as of the source, and one table for both.
        context_length: int. Most tokens of a text that is written; nothing
            in the network depends on it. Defaults to 128.
        width: int. Features of a token. Defaults to 256.
        units: int. Of each direction, and of the decoder. Defaults to 256.
        cell: `"lstm"` or `"gru"`. Defaults to `"gru"`.
        coverage: bool. See `BahdanauAttention`. Defaults to False.
        copies: bool. Whether tokens of the source are copied: then both texts
            have the same tokens. Defaults to False.
        dropout: float. Share of embedded features, and of features in front
            of the head, dropped in training. Defaults to 0.1.
        padding_id: int. The token that stands for nothing. Defaults to 0.
        start_id: int. The token before a target. Defaults to 2.
        end_id: int. The token behind a text. Defaults to 3.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of int tensors: `source` of shape `(batch, length)`,
            padded behind with `padding_id`, and `target` of shape `(batch,
            target_length)`: what was written so far, with the start token.

    Returns:
        Logits of shape `(batch, target_length, target_vocabulary_size)`;
        entry `i` is about token `i + 1` of the target.

    Raises:
        ValueError: on a size below one, an unknown cell, or copies into
            another vocabulary.

    Example:

    >>> import numpy as np
    >>> model = Seq2SeqRNN(20, width=8, units=8)
    >>> ids = np.ones((2, 5), "int32")
    >>> model.predict({"source": ids, "target": ids[:, :3]}, verbose=0).shape
    (2, 3, 20)

    Reference:
        [Sutskever et al., 2014](https://arxiv.org/abs/1409.3215);
        [Bahdanau et al., 2015](https://arxiv.org/abs/1409.0473);
        [See et al., 2017](https://arxiv.org/abs/1704.04368) (coverage, copies)
    """

    def __init__(
        self,
        vocabulary_size,
        target_vocabulary_size=None,
        context_length=128,
        width=256,
        units=256,
        cell="gru",
        coverage=False,
        copies=False,
        dropout=0.1,
        padding_id=0,
        start_id=2,
        end_id=3,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        check_sizes(
            vocabulary_size=vocabulary_size,
            target_vocabulary_size=target_vocabulary_size,
            context_length=context_length,
            width=width,
            units=units,
        )
        if cell not in CELLS:
            raise ValueError(
                f"`cell` must be one of {sorted(CELLS)}. Received: {cell=}"
            )
        if copies and target_vocabulary_size not in (None, vocabulary_size):
            raise ValueError(
                "Copies need one vocabulary. Received: "
                f"{vocabulary_size=}, {target_vocabulary_size=}"
            )

        def table(name, size):
            return keras.layers.Embedding(size, width, dtype=dtype, name=name)

        source = keras.Input((None,), dtype="int32", name="source")
        target = keras.Input((None,), dtype="int32", name="target")
        embedding = other = table("token_embedding", vocabulary_size)
        if target_vocabulary_size is not None:
            other = table("target_embedding", target_vocabulary_size)
        drop = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")
        encoder = keras.layers.Bidirectional(
            CELLS[cell](
                units,
                return_sequences=True,
                return_state=True,
                dtype=dtype,
                name="encoder",
            ),
            dtype=dtype,
            name="directions",
        )
        decoder = AttentiveDecoder(
            target_vocabulary_size or vocabulary_size,
            units,
            cell,
            coverage,
            copies,
            dropout,
            dtype=dtype,
            name="decoder",
        )
        mask, memory, summary = _read(
            source, embedding, drop, encoder, padding_id
        )
        logits = decoder(
            drop(other(target)),
            memory,
            summary,
            memory_mask=mask,
            source=source if copies else None,
        )
        super().__init__(
            {"source": source, "target": target}, logits, dtype=dtype, **kwargs
        )
        self.vocabulary_size = vocabulary_size
        self.target_vocabulary_size = target_vocabulary_size
        self.context_length = context_length
        self.width = width
        self.units = units
        self.cell = cell
        self.coverage = coverage
        self.copies = copies
        self.dropout = dropout
        self.padding_id = padding_id
        self.start_id = start_id
        self.end_id = end_id
        if weights is not None:
            self.load_weights(weights)

    def encode(self, source):
        """What the decoder needs of sources, worked out once.

        Args:
            source: int tensor of shape `(batch, length)`.

        Returns:
            A list of tensors whose leading axis is the batch: the source,
            which of its tokens are there, the memory, what it is compared
            by, and the first states.
        """
        parts = ("token_embedding", "dropout", "directions")
        mask, memory, summary = _read(
            source, *map(self.get_layer, parts), self.padding_id
        )
        decoder = self.get_layer("decoder")
        keys = decoder.step_cell.attention.project(memory)
        return [source, mask, memory, keys, *decoder.first_states(summary)]

    def start_cache(self, batch, places):
        """States that the first token replaces: a list of float tensors."""
        decoder = self.get_layer("decoder")
        count = decoder.step_cell.num_states
        zeros = ops.zeros((batch, self.units), decoder.compute_dtype)
        return [zeros] * count + [ops.zeros((batch, 1), decoder.compute_dtype)]

    def decode(self, ids, cache, index, positions=None, mask=None, memory=None):
        """Predicts from a few tokens, the states, and what `encode` gave.

        Args:
            ids: int tensor of shape `(batch, length)`.
            cache: list of float tensors, of `start_cache` or `decode`.
            index: int scalar, may be a tensor: how many tokens came before.
            positions: int tensor of shape `(batch, length)` or None: the
                position of each token in its text; the first begins anew.
            mask: bool tensor of shape `(batch, places)` or None: which of
                all tokens belong to the text.
            memory: list of tensors, of `encode`.

        Returns:
            Logits of shape `(batch, length, vocabulary)`, and the states
            behind these tokens.
        """
        source, there, values, keys, *first = memory
        batch, length = ids.shape
        if positions is None:
            positions = index + ops.arange(length, dtype="int32")[None]
        begins = ops.equal(positions[:, :1], 0)
        *states, covered = cache
        states = [
            ops.where(begins, new, old)
            for new, old in zip(first, states, strict=True)
        ]
        covered = ops.where(begins, ops.zeros_like(values[..., 0]), covered)
        one = self.target_vocabulary_size is None
        table = "token_embedding" if one else "target_embedding"
        written = None
        if mask is not None and length > 1:
            written = ops.slice(mask, (0, index), (batch, length))
        return self.get_layer("decoder").advance(
            self.get_layer(table)(ids),
            [*states, covered],
            values,
            there,
            keys,
            source,
            written,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "target_vocabulary_size": self.target_vocabulary_size,
            "context_length": self.context_length,
            "width": self.width,
            "units": self.units,
            "cell": self.cell,
            "coverage": self.coverage,
            "copies": self.copies,
            "dropout": self.dropout,
            "padding_id": self.padding_id,
            "start_id": self.start_id,
            "end_id": self.end_id,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }


def _read(source, embedding, drop, encoder, padding_id):
    """Which tokens are there, the memory, and a summary of sources."""
    mask = ops.not_equal(source, padding_id)
    memory, *states = encoder(drop(embedding(source)), mask=mask)
    # Of each direction its output is the first state.
    half = len(states) // 2
    summary = ops.concatenate([states[0], states[half]], axis=-1)
    return mask, memory, summary
