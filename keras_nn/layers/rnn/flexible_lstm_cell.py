import keras
from keras import ops

from keras_nn.layers.rnn.recurrent_cell import RecurrentCell


@keras.saving.register_keras_serializable(package="keras_nn")
class FlexibleLSTMCell(RecurrentCell):
    """An LSTM cell whose usual variants are arguments.

    `i, f, o = sigma(x W + h U + p * c + b)`, `c <- f * c + i * tanh(...)`,
    `h <- o * tanh(c)`

    Without the extras it is `keras.layers.LSTMCell`, weight for weight. Use
    it in `keras.layers.RNN`.

    Args:
        units: int. Features of the state.
        peephole: bool. Whether the gates see the memory, too (`p`; the output
            gate the new one). Defaults to False.
        coupled: bool. Whether what is forgotten makes room for what comes
            in: `i = 1 - f`. Defaults to False.
        layer_norm: bool. Whether `x W`, `h U` and `c`, where it is read, are
            normalised over features. Defaults to False.
        activation: str or callable. Defaults to `"tanh"`.
        recurrent_activation: str or callable. Defaults to `"sigmoid"`.
        use_bias: bool. Defaults to True.
        unit_forget_bias: bool. Whether the forget gate starts open, from a
            bias of 1. Defaults to True.
        kernel_initializer: Defaults to `"glorot_uniform"`.
        recurrent_initializer: Defaults to `"orthogonal"`.
        bias_initializer: Defaults to `"zeros"`.
        zoneout: float. Share of memory and state that stays as it was.
            Defaults to 0.
        seed: int or None. Of the draws of `zoneout`.

    Call arguments:
        inputs: float tensor of shape `(batch, features)`.
        states: list of two float tensors of shape `(batch, units)`: state
            and memory.
        training: bool. Whether to draw what stays.

    Returns:
        The state, of shape `(batch, units)`, and `[state, memory]`.

    Raises:
        ValueError: if `units` is not positive or `zoneout` no share.

    Example:

    >>> layer = keras.layers.RNN(FlexibleLSTMCell(8, peephole=True))
    >>> layer(ops.ones((2, 5, 4))).shape
    TensorShape([2, 8])

    Reference:
        [Gers and Schmidhuber, 2000](https://doi.org/10.1109/IJCNN.2000.861302)
        (peephole);
        [Greff et al., 2017](https://arxiv.org/abs/1503.04069) (coupled);
        [Ba et al., 2016](https://arxiv.org/abs/1607.06450) (norm);
        [Krueger et al., 2017](https://arxiv.org/abs/1606.01305) (zoneout)
    """

    def __init__(
        self,
        units,
        peephole=False,
        coupled=False,
        layer_norm=False,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        unit_forget_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        zoneout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            recurrent_activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            zoneout,
            seed,
            **kwargs,
        )
        self.peephole = peephole
        self.coupled = coupled
        self.layer_norm = layer_norm
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]

    def build(self, input_shape):
        units, gates = self.units, 3 if self.coupled else 4
        width = gates * units
        self.kernel = self.add("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self.add("recurrent_kernel", (units, width))
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(width,), initializer=self._bias(gates)
            )
        if self.peephole:
            self.peepholes = self.add("peepholes", (gates - 1, units))
        if self.layer_norm:
            self.kernel_norm = self.norm("kernel_norm", width)
            self.recurrent_norm = self.norm("recurrent_norm", width)
            self.state_norm = self.norm("state_norm", units)

    def call(self, inputs, states, training=False):
        state, memory = states
        _, (after_state, after) = self.gated_step(inputs, states)
        after = self.keep(memory, after, training)
        after_state = self.keep(state, after_state, training)
        return after_state, [after_state, after]

    def gated_step(self, inputs, states):
        state, memory = states
        read = ops.matmul(inputs, self.kernel)
        recalled = ops.matmul(state, self.recurrent_kernel)
        if self.layer_norm:
            read = self.kernel_norm(read)
            recalled = self.recurrent_norm(recalled)
        z = read + recalled
        if self.use_bias:
            z = z + self.bias
        # Keras's order: in, forget, candidate, out; coupled without the first.
        *gates, candidate, out = ops.split(z, 3 if self.coupled else 4, -1)
        if self.peephole:
            gates = [
                gate + self.peepholes[index] * memory
                for index, gate in enumerate(gates)
            ]
        gates = [self.recurrent_activation(gate) for gate in gates]
        forget = gates[-1]
        put_in = 1 - forget if self.coupled else gates[0]
        after = forget * memory + put_in * self.activation(candidate)
        if self.peephole:
            out = out + self.peepholes[-1] * after
        shown = self.state_norm(after) if self.layer_norm else after
        out = self.recurrent_activation(out)
        found = {"input": put_in, "forget": forget, "output": out}
        return found, [out * self.activation(shown), after]

    def get_config(self):
        return {
            **super().get_config(),
            "peephole": self.peephole,
            "coupled": self.coupled,
            "layer_norm": self.layer_norm,
            "unit_forget_bias": self.unit_forget_bias,
        }

    def _bias(self, gates):
        if not self.unit_forget_bias:
            return self.bias_initializer

        def start(shape, dtype=None):
            size = self.units
            bias = self.bias_initializer((gates * size,), dtype=dtype)
            first = (gates - 3) * size  # of the forget gate
            ones = ops.ones((size,), dtype=dtype)
            return ops.concatenate([bias[:first], ones, bias[first + size :]])

        return start
