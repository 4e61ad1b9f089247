import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class SinusoidalPositions(keras.layers.Layer):
    """Adds waves of many lengths, by which tokens know where they stand.

    `y_p = x_p + [sin(p w_0) ... sin(p w_m), cos(p w_0) ... cos(p w_m)]`,
    `w_i = max_wavelength ** (-2 i / features)`

    All sines come before all cosines, as in tensor2tensor; the paper writes
    them in turn, which is the same up to the order of the features.

    Args:
        max_wavelength: float. The longest wave is `2 pi` times this, in
            tokens. Defaults to 10000.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`, an even
            number of features.
        positions: int tensor of shape `(length,)` or `(batch, length)`, or
            None: the place of each token. Defaults to 0, 1, 2 ...

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: on an odd number of features.

    Example:

    >>> y = SinusoidalPositions()(ops.zeros((1, 2, 4)))
    >>> ops.convert_to_numpy(y).round(2)[0].tolist()[0]
    [0.0, 0.0, 1.0, 1.0]

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762), section 3.5
    """

    def __init__(self, max_wavelength=10_000.0, **kwargs):
        super().__init__(**kwargs)
        self.max_wavelength = max_wavelength
        self.supports_masking = True

    def build(self, input_shape):
        if input_shape[-1] % 2:
            raise ValueError(
                "Waves come in pairs: there must be an even number of "
                f"features. Received: {input_shape[-1]}"
            )

    def call(self, inputs, positions=None):
        features = inputs.shape[-1]
        if positions is None:
            positions = ops.arange(ops.shape(inputs)[1], dtype="int32")
        exponents = ops.arange(0, features, 2, dtype="float32") / features
        frequencies = ops.exp(-math.log(self.max_wavelength) * exponents)
        angles = (
            ops.expand_dims(ops.cast(positions, "float32"), -1) * frequencies
        )
        waves = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)
        return inputs + ops.cast(waves, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "max_wavelength": self.max_wavelength,
        }
