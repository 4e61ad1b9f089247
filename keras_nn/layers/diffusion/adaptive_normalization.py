import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class AdaptiveNormalization(keras.layers.Layer):
    """Layer normalisation with the scale and shift that a condition asks for.

    `y = (1 + s) * norm(x) + b`, `[b, s] = swish(condition) @ W + b'`

    `W` and `b'` begin at zero: `y = norm(x)`.

    Args:
        epsilon: float, added to variances. Defaults to 1e-6.

    Call arguments:
        inputs: pair of float tensors: tokens `(batch, tokens, features)` and
            the condition `(batch, units)`.

    Returns:
        A float tensor of the shape of the tokens.

    Example:

    >>> from keras import ops
    >>> layer = AdaptiveNormalization()
    >>> y = layer([ops.array([[[1.0, 3.0]]]), ops.ones((1, 5))])
    >>> ops.convert_to_numpy(y).round(3).tolist()
    [[[-1.0, 1.0]]]

    Reference:
        [Peebles and Xie, 2023](https://arxiv.org/abs/2212.09748)
    """

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.norm = keras.layers.LayerNormalization(
            epsilon=epsilon,
            center=False,
            scale=False,
            dtype=self.dtype_policy,
            name="norm",
        )

    def build(self, input_shape):
        tokens, condition = input_shape
        self.modulation = keras.layers.Dense(
            2 * tokens[-1],
            kernel_initializer="zeros",
            dtype=self.dtype_policy,
            name="modulation",
        )
        self.norm.build(tokens)
        self.modulation.build(condition)

    def call(self, inputs):
        x, condition = inputs
        modulation = self.modulation(keras.activations.silu(condition))
        shift, scale = keras.ops.split(modulation[:, None], 2, axis=-1)
        return self.norm(x) * (1 + scale) + shift

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0])

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
