import keras
from keras import ops

from keras_nn.layers.rnn.bahdanau_attention import BahdanauAttention

CELLS = {"lstm": keras.layers.LSTMCell, "gru": keras.layers.GRUCell}


@keras.saving.register_keras_serializable(package="keras_nn")
class AttentiveCell(keras.layers.Layer):
    """A recurrent cell that looks at a memory before each step.

    `c, a = attention(h, memory)`; `h, s <- cell([x, c], h, s)`; the output is
    `[h, c, a]`

    Use it in `keras.layers.RNN`, behind `look_at(memory, mask)`, with the
    states of `start_state`.

    Args:
        units: int. Features of the state.
        attention_units: int or None. See `BahdanauAttention`. Defaults to
            `units`.
        cell: `"lstm"` or `"gru"`. Defaults to `"gru"`.
        coverage: bool. See there. Defaults to False.

    Call arguments:
        inputs: float tensor of shape `(batch, features)`.
        states: list of float tensors: those of the cell, and the sum of the
            weights so far.

    Returns:
        The output, of shape `(batch, units + features of the memory +
        places)`, and a list of states.

    Raises:
        ValueError: on an unknown cell, or without a memory.

    Example:

    >>> cell = AttentiveCell(8)
    >>> cell.look_at(ops.ones((2, 5, 3)))
    >>> y = keras.layers.RNN(cell, return_sequences=True)(
    ...     ops.ones((2, 4, 6)), initial_state=cell.start_state(2)
    ... )
    >>> y.shape
    TensorShape([2, 4, 16])

    Reference:
        [Bahdanau et al., 2015](https://arxiv.org/abs/1409.0473)
    """

    def __init__(
        self,
        units,
        attention_units=None,
        cell="gru",
        coverage=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if cell not in CELLS:
            raise ValueError(
                f"`cell` must be one of {sorted(CELLS)}. Received: {cell=}"
            )
        self.units = units
        self.attention_units = attention_units
        self.cell = cell
        self.coverage = coverage
        self.inner = CELLS[cell](units, dtype=self.dtype_policy, name="inner")
        self.attention = BahdanauAttention(
            attention_units or units,
            coverage,
            dtype=self.dtype_policy,
            name="attention",
        )
        self.num_states = 2 if cell == "lstm" else 1
        self.state_size = [units] * self.num_states + [None]
        self._seen = None

    def prepare(self, memory_shape):
        """Builds the attention for memories of this shape."""
        if not self.attention.built:
            self.attention.build((None, self.units), memory_shape)
            self._features = memory_shape[-1]

    def look_away(self):
        """Forgets the memory, which belongs to one call."""
        self._seen = None

    def look_at(self, memory, mask=None, keys=None):
        """What is looked at in the steps that follow.

        Args:
            memory: float tensor of shape `(batch, places, features)`.
            mask: bool tensor of shape `(batch, places)` or None.
            keys: of `attention.project`, or None.
        """
        self.prepare(tuple(memory.shape))
        if keys is None:
            keys = self.attention.project(memory)
        # Not a state: a loop that carried it would keep a copy a step.
        self._seen = memory, mask, keys

    def start_state(self, batch):
        """States of zeros: a list."""
        places = ops.shape(self._memory()[0])[1]
        zeros = ops.zeros((batch, self.units), self.compute_dtype)
        nothing = ops.zeros((batch, places), self.compute_dtype)
        return [zeros] * self.num_states + [nothing]

    def build(self, input_shape):
        width = input_shape[-1] + self._features
        self.inner.build((*input_shape[:-1], width))

    def call(self, inputs, states, training=False):
        memory, mask, keys = self._memory()
        *states, covered = keras.tree.flatten(states)
        extra = {"covered": covered} if self.coverage else {}
        context, weights = self.attention(
            states[0], memory, mask=mask, keys=keys, **extra
        )
        x = ops.concatenate([inputs, context], axis=-1)
        _, states = self.inner(x, states, training=training)
        states = keras.tree.flatten(states)
        output = ops.concatenate([states[0], context, weights], axis=-1)
        return output, [*states, covered + weights]

    def get_initial_state(self, batch_size=None):
        """As `start_state`, for `keras.layers.RNN`."""
        return self.start_state(batch_size)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "attention_units": self.attention_units,
            "cell": self.cell,
            "coverage": self.coverage,
        }

    def _memory(self):
        if self._seen is None:
            raise ValueError(
                "The cell must `look_at` a memory first. Received: none"
            )
        return self._seen
