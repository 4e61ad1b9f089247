import keras
from keras import ops

from keras_nn.layers.rnn.attentive_cell import AttentiveCell
from keras_nn.layers.rnn.copy_mechanism import CopyMechanism


@keras.saving.register_keras_serializable(package="keras_nn")
class AttentiveDecoder(keras.layers.Layer):
    """Writes a text with a recurrent cell that looks at another one.

    `s_0 = tanh(summary W)`; `h_t, c_t, a_t` as of `AttentiveCell`;
    `z_t = tanh([h_t, c_t, x_t] V) U + b`, mixed with copies of the source by
    `CopyMechanism` where that is asked for

    Args:
        vocabulary_size: int. Number of tokens that can be written.
        units: int. Features of the state.
        cell: `"lstm"` or `"gru"`. Defaults to `"gru"`.
        coverage: bool. See `BahdanauAttention`. Defaults to False.
        copies: bool. Whether tokens of the source are copied. Defaults to
            False.
        dropout: float. Share of features in front of the last projection
            dropped in training. Defaults to 0.

    Call arguments:
        inputs: float tensor `x` of shape `(batch, length, features)`: what
            was written before each step.
        memory: float tensor of shape `(batch, places, features)`.
        summary: float tensor of shape `(batch, features)`: of the source.
        memory_mask: bool tensor of shape `(batch, places)` or None.
        source: int tensor of that shape, with `copies`.
        training: bool. Whether to drop.

    Returns:
        Logits of shape `(batch, length, vocabulary_size)`.

    Example:

    >>> layer = AttentiveDecoder(9, 8)
    >>> layer(
    ...     ops.ones((2, 3, 4)), ops.ones((2, 5, 6)), ops.ones((2, 6))
    ... ).shape
    TensorShape([2, 3, 9])

    Reference:
        [Bahdanau et al., 2015](https://arxiv.org/abs/1409.0473)
    """

    def __init__(
        self,
        vocabulary_size,
        units,
        cell="gru",
        coverage=False,
        copies=False,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocabulary_size = vocabulary_size
        self.units = units
        self.cell = cell
        self.coverage = coverage
        self.copies = copies
        self.dropout = dropout
        policy = self.dtype_policy
        self.step_cell = AttentiveCell(
            units, cell=cell, coverage=coverage, dtype=policy, name="step"
        )
        self.loop = keras.layers.RNN(
            self.step_cell, return_sequences=True, dtype=policy, name="loop"
        )
        self.begin = keras.layers.Dense(
            units, "tanh", dtype=policy, name="begin"
        )
        self.hidden = keras.layers.Dense(
            units, "tanh", dtype=policy, name="hidden"
        )
        self.drop = keras.layers.Dropout(dropout, dtype=policy, name="dropout")
        self.write = keras.layers.Dense(
            vocabulary_size, dtype=policy, name="write"
        )
        if copies:
            self.copy = CopyMechanism(dtype=policy, name="copy")

    def build(self, inputs_shape, memory_shape, summary_shape):
        self.step_cell.prepare(tuple(memory_shape))
        self.step_cell.build((inputs_shape[0], inputs_shape[-1]))
        self.begin.build(summary_shape)
        width = self.units + memory_shape[-1] + inputs_shape[-1]
        self.hidden.build((*inputs_shape[:-1], width))
        self.write.build((*inputs_shape[:-1], self.units))
        if self.copies:
            self.copy.gate.build((*inputs_shape[:-1], width))
            self.copy.built = True

    def call(
        self,
        inputs,
        memory,
        summary,
        memory_mask=None,
        source=None,
        training=None,
    ):
        self.step_cell.look_at(memory, memory_mask)
        states = [*self.first_states(summary), ops.zeros_like(memory[..., 0])]
        y = self.loop(inputs, initial_state=states, training=training)
        self.step_cell.look_away()
        return self._logits(y, inputs, source, memory.shape[-1], training)

    def first_states(self, summary):
        """The states of the cell before the first step: a list."""
        first = self.begin(summary)
        more = self.step_cell.num_states - 1
        return [first, *[ops.zeros_like(first) for _ in range(more)]]

    def advance(
        self, inputs, states, memory, mask, keys, source=None, there=None
    ):
        """Logits of the next steps, from states.

        Args:
            inputs, memory, source: as of a call.
            states: list of float tensors, with the sum of weights last.
            mask: the `memory_mask` of a call.
            keys: of `step_cell.attention.project`.
            there: bool tensor of shape `(batch, length)` or None: which steps
                count. The others change no state.

        Returns:
            The logits, and a list of states.
        """
        self.step_cell.look_at(memory, mask, keys)
        if inputs.shape[1] == 1 and there is None:
            y, states = self.step_cell(inputs[:, 0], states, training=False)
            y = y[:, None]
        else:
            loop = keras.layers.RNN(
                self.step_cell,
                return_sequences=True,
                return_state=True,
                dtype=self.dtype_policy,
            )
            y, *states = loop(
                inputs, initial_state=states, mask=there, training=False
            )
        self.step_cell.look_away()
        return self._logits(y, inputs, source, memory.shape[-1]), states

    def compute_output_shape(self, inputs_shape, memory_shape, summary_shape):
        return (*inputs_shape[:-1], self.vocabulary_size)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "cell": self.cell,
            "coverage": self.coverage,
            "copies": self.copies,
            "dropout": self.dropout,
        }

    def _logits(self, y, inputs, source, features, training=None):
        seen = self.units + features
        x = ops.concatenate([y[..., :seen], inputs], axis=-1)
        hidden = self.drop(self.hidden(x), training=training)
        logits = self.write(hidden)
        if not self.copies:
            return logits
        return self.copy(logits, y[..., seen:], source, x)
