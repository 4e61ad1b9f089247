import keras
from keras import ops

from keras_nn.layers.rnn.recurrent_cell import RecurrentCell


@keras.saving.register_keras_serializable(package="keras_nn")
class FlexibleGRUCell(RecurrentCell):
    """A GRU cell whose usual variants are arguments.

    `z, r = sigma(x W + h U + b)`, `h' = tanh(x V + r * (h T + d) + a)`,
    `h <- z * h + (1 - z) * h'`

    Without the extras it is `keras.layers.GRUCell`, weight for weight, which
    resets behind the product (`reset_after=True`). Use it in
    `keras.layers.RNN`.

    Args:
        units: int. Features of the state.
        layer_norm: bool. Whether `x W` and `h U` are normalised over
            features. Defaults to False.
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

    >>> layer = keras.layers.RNN(FlexibleGRUCell(8, layer_norm=True))
    >>> layer(ops.ones((2, 5, 4))).shape
    TensorShape([2, 8])

    Reference:
        [Cho et al., 2014](https://arxiv.org/abs/1406.1078);
        [Ba et al., 2016](https://arxiv.org/abs/1607.06450) (norm);
        [Krueger et al., 2017](https://arxiv.org/abs/1606.01305) (zoneout)
    """

    def __init__(
        self,
        units,
        layer_norm=False,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
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
        self.layer_norm = layer_norm

    def build(self, input_shape):
        width = 3 * self.units
        self.kernel = self.add("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self.add(
            "recurrent_kernel", (self.units, width)
        )
        if self.use_bias:
            self.bias = self.add("bias", (2, width))
        if self.layer_norm:
            self.kernel_norm = self.norm("kernel_norm", width)
            self.recurrent_norm = self.norm("recurrent_norm", width)

    def call(self, inputs, states, training=False):
        (state,) = keras.tree.flatten(states)
        _, (after,) = self.gated_step(inputs, [state])
        after = self.keep(state, after, training)
        return after, [after]

    def gated_step(self, inputs, states):
        (state,) = states
        read = ops.matmul(inputs, self.kernel)
        recalled = ops.matmul(state, self.recurrent_kernel)
        if self.layer_norm:
            read = self.kernel_norm(read)
            recalled = self.recurrent_norm(recalled)
        if self.use_bias:
            read, recalled = read + self.bias[0], recalled + self.bias[1]
        update, reset, new = ops.split(read, 3, axis=-1)
        update_back, reset_back, back = ops.split(recalled, 3, axis=-1)
        update = self.recurrent_activation(update + update_back)
        reset = self.recurrent_activation(reset + reset_back)
        candidate = self.activation(new + reset * back)
        after = update * state + (1 - update) * candidate
        return {"update": update, "reset": reset}, [after]

    def get_config(self):
        return {**super().get_config(), "layer_norm": self.layer_norm}
