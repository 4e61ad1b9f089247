import math

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class GridPositions(keras.layers.Layer):
    """Adds waves along both axes, by which patches know where they stand.

    `y[i, j] = x[i, j] + [waves(j), waves(i)]`,
    `waves(p) = [sin(p w_0) ... sin(p w_m), cos(p w_0) ... cos(p w_m)]`,
    `w_k = max_wavelength ** (-4 k / features)`

    Args:
        height: int. Rows of patches.
        width: int. Columns of patches.
        max_wavelength: float. The longest wave is `2 pi` times this, in
            patches. Defaults to 10000.

    Call arguments:
        inputs: float tensor of shape `(batch, height * width, features)`, the
            number of features divisible by 4.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: on another number of tokens or features.

    Example:

    >>> y = GridPositions(1, 2)(ops.zeros((1, 2, 4)))
    >>> print(ops.convert_to_numpy(y)[0].round(2))
    [[0.   1.   0.   1.  ]
     [0.84 0.54 0.   1.  ]]

    Reference:
        [He et al., 2022](https://arxiv.org/abs/2111.06377), appendix A
    """

    def __init__(self, height, width, max_wavelength=10_000.0, **kwargs):
        super().__init__(**kwargs)
        self.height = height
        self.width = width
        self.max_wavelength = max_wavelength
        self.input_spec = keras.InputSpec(ndim=3)

    def build(self, input_shape):
        _, tokens, features = input_shape
        expected = self.height * self.width
        if tokens not in (None, expected) or features % 4:
            raise ValueError(
                f"There must be {expected} tokens, of a number of features "
                f"divisible by 4. Received: input_shape={tuple(input_shape)}"
            )
        speeds = np.exp(
            -math.log(self.max_wavelength)
            * np.arange(features // 4)
            / (features / 4)
        )
        rows, columns = np.divmod(np.arange(expected), self.width)
        waves = []
        for place in (columns, rows):
            angles = place[:, None] * speeds
            waves += [np.sin(angles), np.cos(angles)]
        self.waves = np.concatenate(waves, axis=-1)[None]

    def call(self, inputs):
        return inputs + ops.convert_to_tensor(self.waves, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "max_wavelength": self.max_wavelength,
        }
