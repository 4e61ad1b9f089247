import keras
from keras import ops

from keras_nn.layers.rnn.recurrent_cell import RecurrentCell


@keras.saving.register_keras_serializable(package="keras_nn")
class MinimalGatedCell(RecurrentCell):
    """A recurrent cell with one gate, which both resets and updates.

    `f = sigma(x W + h U + b)`, `h' = tanh(x V + (f * h) T + a)`,
    `h <- (1 - f) * h + f * h'`

    Use it in `keras.layers.RNN`.

    Args:
        units: int. Features of the state.
        activation: str or callable. Defaults to `"tanh"`.
        recurrent_activation: str or callable. Defaults to `"sigmoid"`.
        use_bias: bool. Defaults to True.
        kernel_initializer: Defaults to `"glorot_uniform"`.
        recurrent_initializer: Defaults to `"orthogonal"`.
        bias_initializer: Defaults to `"zeros"`.
        zoneout: float. Share of the state that stays as it was. Defaults to
            0.
        seed: int or None. Of the draws of `zoneout`.

    Call arguments:
        inputs: float tensor of shape `(batch, features)`.
        states: list of a float tensor of shape `(batch, units)`.
        training: bool. Whether to draw what stays.

    Returns:
        The state, of shape `(batch, units)`, and a list of it.

    Raises:
        ValueError: if `units` is not positive or `zoneout` no share.

    Example:

    >>> keras.layers.RNN(MinimalGatedCell(8))(ops.ones((2, 5, 4))).shape
    TensorShape([2, 8])

    Reference:
        [Zhou et al., 2016](https://arxiv.org/abs/1603.09420)
    """

    def build(self, input_shape):
        width = 2 * self.units
        self.kernel = self.add("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self.add(
            "recurrent_kernel", (self.units, width)
        )
        if self.use_bias:
            self.bias = self.add("bias", (width,))

    def call(self, inputs, states, training=False):
        (state,) = keras.tree.flatten(states)
        _, (after,) = self.gated_step(inputs, [state])
        after = self.keep(state, after, training)
        return after, [after]

    def gated_step(self, inputs, states):
        (state,) = states
        read = ops.matmul(inputs, self.kernel)
        if self.use_bias:
            read = read + self.bias
        gate, new = ops.split(read, 2, axis=-1)
        to_gate, to_new = ops.split(self.recurrent_kernel, 2, axis=-1)
        gate = self.recurrent_activation(gate + ops.matmul(state, to_gate))
        back = ops.matmul(gate * state, to_new)
        candidate = self.activation(new + back)
        after = (1 - gate) * state + gate * candidate
        return {"forget": gate}, [after]
