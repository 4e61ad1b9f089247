import keras
from keras import ops

from keras_nn.ops.box_coders import decode_deltas
from keras_nn.ops.pyramid_places import pyramid_anchors


@keras.saving.register_keras_serializable(package="keras_nn")
class AnchorBoxes(keras.layers.Layer):
    """The boxes that a network predicts by its anchors, as corners.

    The inverse of `keras_nn.ops.encode_deltas`, in float32: half precision
    does not tell neighbouring pixels apart.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        strides: list of int, in pixels. Those of the pyramid's maps.
        size: float. Side of the anchor of scale 1, in strides. Defaults to 4.
        scales: list of float. Defaults to three thirds of an octave.
        ratios: list of float. Height over width. Defaults to 1/2, 1, 2.
        dtype: str or dtype policy. Defaults to `"float32"`, whatever the
            global policy.

    Call arguments:
        inputs: float tensor `(batch, anchors, 4)`, as `PyramidTower` orders
            them.

    Returns:
        A float32 tensor `(batch, anchors, 4)` of `(x_min, y_min, x_max,
        y_max)`, in pixels.

    Example:

    >>> layer = AnchorBoxes((4, 4), [4], scales=[1.0], ratios=[1.0])
    >>> ops.convert_to_numpy(layer(ops.zeros((1, 1, 4)))).tolist()
    [[[-6.0, -6.0, 10.0, 10.0]]]

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002), section 4.
    """

    def __init__(
        self,
        image_size,
        strides,
        size=4.0,
        scales=(1.0, 2 ** (1 / 3), 2 ** (2 / 3)),
        ratios=(0.5, 1.0, 2.0),
        dtype="float32",
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)
        self.image_size = tuple(image_size)
        self.strides = list(strides)
        self.size = size
        self.scales = list(scales)
        self.ratios = list(ratios)
        self.anchors = pyramid_anchors(
            image_size, strides, size, scales, ratios
        )

    def build(self, input_shape):
        pass

    def call(self, inputs):
        return decode_deltas(inputs, ops.convert_to_tensor(self.anchors))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "strides": self.strides,
            "size": self.size,
            "scales": self.scales,
            "ratios": self.ratios,
        }
