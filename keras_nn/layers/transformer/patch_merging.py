import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PatchMerging(keras.layers.Layer):
    """Joins each square of four tokens to one of twice the features.

    `y = norm([x[0, 0], x[1, 0], x[0, 1], x[1, 1]]) @ W`

    Args:
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, features)`; an
            odd height or width is filled up with zeros.

    Returns:
        A float tensor of shape
        `(batch, ceil(height / 2), ceil(width / 2), 2 * features)`.

    Example:

    >>> tuple(PatchMerging()(ops.ones((1, 4, 5, 8))).shape)
    (1, 2, 3, 16)

    Reference:
        [Liu et al., 2021](https://arxiv.org/abs/2103.14030), section 3.1
    """

    def __init__(self, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)
        self.norm = keras.layers.LayerNormalization(
            epsilon=epsilon, dtype=self.dtype_policy, name="norm"
        )

    def build(self, input_shape):
        features = input_shape[-1]
        self.reduction = keras.layers.Dense(
            2 * features,
            use_bias=False,
            kernel_initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            dtype=self.dtype_policy,
            name="reduction",
        )
        shape = (*self.compute_output_shape(input_shape)[:-1], 4 * features)
        self.norm.build(shape)
        self.reduction.build(shape)

    def call(self, inputs):
        _, height, width, _ = ops.shape(inputs)
        frame = ((0, 0), (0, height % 2), (0, width % 2), (0, 0))
        x = ops.pad(inputs, frame)
        parts = [x[:, i::2, j::2] for j in range(2) for i in range(2)]
        return self.reduction(self.norm(ops.concatenate(parts, axis=-1)))

    def compute_output_shape(self, input_shape):
        batch, height, width, features = input_shape
        return (
            batch,
            None if height is None else -(-height // 2),
            None if width is None else -(-width // 2),
            2 * features,
        )

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
