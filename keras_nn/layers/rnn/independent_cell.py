import keras
from keras import ops

from keras_nn.layers.rnn.recurrent_cell import RecurrentCell


@keras.saving.register_keras_serializable(package="keras_nn")
class IndependentCell(RecurrentCell):
    """IndRNN: every unit remembers itself alone.

    `h <- f(x W + u * h + b)`

    Units meet in the next layer only, so that each one's memory, `u`, can be
    kept from exploding. Use it in `keras.layers.RNN`.

    Args:
        units: int. Features of the state.
        activation: str or callable `f`. Defaults to `"relu"`.
        use_bias: bool. Defaults to True.
        recurrent_clip: float or None. Largest size of `u`; `2 ** (1 / n)`
            keeps a state below twice itself over `n` steps. Defaults to None.
        kernel_initializer: Defaults to `"glorot_uniform"`.
        recurrent_initializer: of `u`. Defaults to `"ones"`.
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

    >>> keras.layers.RNN(IndependentCell(8))(ops.ones((2, 5, 4))).shape
    TensorShape([2, 8])

    Reference:
        [Li et al., 2018](https://arxiv.org/abs/1803.04831)
    """

    def __init__(
        self,
        units,
        activation="relu",
        use_bias=True,
        recurrent_clip=None,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="ones",
        bias_initializer="zeros",
        zoneout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            zoneout=zoneout,
            seed=seed,
            **kwargs,
        )
        self.recurrent_clip = recurrent_clip

    def build(self, input_shape):
        self.kernel = self.add("kernel", (input_shape[-1], self.units))
        self.recurrent = self.add("recurrent", (self.units,))
        if self.use_bias:
            self.bias = self.add("bias", (self.units,))

    def call(self, inputs, states, training=False):
        (state,) = keras.tree.flatten(states)
        factor = self.recurrent
        if self.recurrent_clip is not None:
            limit = self.recurrent_clip
            factor = ops.clip(factor, -limit, limit)
        after = ops.matmul(inputs, self.kernel) + factor * state
        if self.use_bias:
            after = after + self.bias
        after = self.keep(state, self.activation(after), training)
        return after, [after]

    def get_config(self):
        config = super().get_config()
        del config["recurrent_activation"]  # it has no gate
        return {**config, "recurrent_clip": self.recurrent_clip}
