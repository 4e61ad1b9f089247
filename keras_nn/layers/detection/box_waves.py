import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class BoxWaves(keras.layers.Layer):
    """Where the centre of a box lies, as the waves that tell cells of a map.

    What `ops.sine_map` says of a cell is said of the centre of every box,
    wherever between cells it lies: at the centre of a cell both are the same.

    Args:
        map_size: tuple `(height, width)` of the map, in cells.
        features: int. A multiple of 4.
        temperature: float. The longest wave, in turns of the shortest.
            Defaults to 10,000.

    Call arguments:
        inputs: float tensor `(..., 4)`: `x, y, width, height` in shares of
            the picture, before the logistic function.

    Returns:
        A float tensor `(..., features)`.

    Raises:
        ValueError: if `map_size` is no size, or `features` is not a positive
            multiple of 4.

    Example:

    >>> tuple(BoxWaves((2, 3), 8)(ops.zeros((1, 5, 4))).shape)
    (1, 5, 8)

    Reference:
        [Liu et al., 2022](https://arxiv.org/abs/2201.12329), section 4.2.
    """

    def __init__(self, map_size, features, temperature=10_000.0, **kwargs):
        super().__init__(**kwargs)
        if len(map_size) != 2 or min(map_size) < 1:
            raise ValueError(
                "`map_size` must be (height, width) in cells. "
                f"Received: {map_size=}"
            )
        if features < 4 or features % 4:
            raise ValueError(
                "`features` must be a positive multiple of 4: sine and cosine "
                f"of rows and of columns. Received: {features=}"
            )
        self.map_size = tuple(map_size)
        self.features = features
        self.temperature = temperature

    def build(self, input_shape):
        pass

    def call(self, inputs):
        # In float32: half precision would blur short waves.
        shares = ops.sigmoid(ops.cast(inputs, "float32"))
        height, width = self.map_size
        rows = self._waves(shares[..., 1], height)
        columns = self._waves(shares[..., 0], width)
        both = ops.concatenate([rows, columns], axis=-1)
        return ops.cast(both, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.features)

    def get_config(self):
        return {
            **super().get_config(),
            "map_size": self.map_size,
            "features": self.features,
            "temperature": self.temperature,
        }

    def _waves(self, shares, count):
        half = self.features // 2
        power = 2 * np.arange(half // 2) / half
        length = (self.temperature**power).astype("float32")
        angle = 2 * np.pi * (shares * count + 0.5) / (count + 1e-6)
        phase = ops.expand_dims(angle, -1) / length
        waves = ops.stack([ops.sin(phase), ops.cos(phase)], axis=-1)
        return ops.reshape(waves, (-1, *shares.shape[1:], half))
