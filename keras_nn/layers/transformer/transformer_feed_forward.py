import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TransformerFeedForward(keras.layers.Layer):
    """The two projections between attentions, with or without a gate.

    `y = f(x @ U + a) @ W + b`; gated `y = (f(x @ G + c) * (x @ U + a)) @ W + b`

    Args:
        hidden_dim: int. Width between the projections.
        activation: str or callable `f`. `"gelu_tanh"` is the approximation
            of GPT-2; `"silu"` with a gate is SwiGLU, `"gelu"` with a gate
            GEGLU. Defaults to `"gelu_tanh"`.
        gated: bool. Defaults to False.
        use_bias: bool. Of all projections. Defaults to True.
        kernel_initializer: Defaults to `"glorot_uniform"`.
        output_initializer: of `W`. Defaults to `kernel_initializer`.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., features)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `hidden_dim` is not positive.

    Example:

    >>> layer = TransformerFeedForward(8, activation="silu", gated=True)
    >>> layer(ops.ones((2, 5, 4))).shape
    TensorShape([2, 5, 4])

    Reference:
        [Shazeer, 2020](https://arxiv.org/abs/2002.05202)
    """

    def __init__(
        self,
        hidden_dim,
        activation="gelu_tanh",
        gated=False,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        output_initializer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if hidden_dim < 1:
            raise ValueError(
                f"`hidden_dim` must be positive. Received: {hidden_dim=}"
            )
        self.hidden_dim = hidden_dim
        self.activation = activation
        self.gated = gated
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.output_initializer = keras.initializers.get(output_initializer)
        self.supports_masking = True
        self.up = self._dense("up", hidden_dim)
        if gated:
            self.gate = self._dense("gate", hidden_dim)

    def build(self, input_shape):
        self.up.build(input_shape)
        if self.gated:
            self.gate.build(input_shape)
        self.down = self._dense(
            "down",
            input_shape[-1],
            self.output_initializer or self.kernel_initializer,
        )
        self.down.build((*input_shape[:-1], self.hidden_dim))

    def call(self, inputs):
        hidden = self.up(inputs)
        if self.gated:
            hidden = self._activate(self.gate(inputs)) * hidden
        else:
            hidden = self._activate(hidden)
        return self.down(hidden)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        serialize = keras.initializers.serialize
        output = self.output_initializer
        activation = self.activation
        if not isinstance(activation, str):
            activation = keras.activations.serialize(activation)
        return {
            **super().get_config(),
            "hidden_dim": self.hidden_dim,
            "activation": activation,
            "gated": self.gated,
            "use_bias": self.use_bias,
            "kernel_initializer": serialize(self.kernel_initializer),
            "output_initializer": output and serialize(output),
        }

    def _activate(self, x):
        if self.activation == "gelu_tanh":
            return ops.gelu(x, approximate=True)
        if self.activation == "gelu":  # Keras's `get` approximates none
            return ops.gelu(x, approximate=False)
        return keras.activations.get(self.activation)(x)

    def _dense(self, name, units, initializer=None):
        initializer = initializer or self.kernel_initializer
        return keras.layers.Dense(
            units,
            use_bias=self.use_bias,
            # One unseeded instance would start all of them alike.
            kernel_initializer=initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )
