import keras
from keras import ops

from keras_nn.ops.box_coders import box_corners
from keras_nn.ops.pyramid_places import pyramid_points


@keras.saving.register_keras_serializable(package="keras_nn")
class CentreBoxes(keras.layers.Layer):
    """The boxes that a network predicts about the centres of objects.

    `corners(s (j + x), s (i + y), s softplus(w), s softplus(h))` at row `i`
    and column `j` of a map of stride `s`. In float32: half precision does not
    tell neighbouring pixels apart.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        stride: int, in pixels. That of the map.
        dtype: str or dtype policy. Defaults to `"float32"`, whatever the
            global policy.

    Call arguments:
        inputs: float tensor `(batch, places, 4)` of `(x, y, w, h)`.

    Returns:
        A float32 tensor `(batch, places, 4)` of `(x_min, y_min, x_max,
        y_max)`, in pixels.

    Example:

    >>> boxes = CentreBoxes((4, 4), 4)(ops.zeros((1, 1, 4)))
    >>> [round(float(x), 4) for x in boxes[0, 0]]
    [-1.3863, -1.3863, 1.3863, 1.3863]

    Reference:
        [Zhou et al., 2019](https://arxiv.org/abs/1904.07850), section 4, with
        the softplus added: a side is never negative.
    """

    def __init__(self, image_size, stride, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.image_size = tuple(image_size)
        self.stride = stride
        points, _ = pyramid_points(image_size, [stride])
        self.cells = points / stride - 0.5  # whole columns and rows

    def build(self, input_shape):
        pass

    def call(self, inputs):
        centre = inputs[..., :2] + ops.convert_to_tensor(self.cells)
        sides = ops.softplus(inputs[..., 2:])
        boxes = ops.concatenate([centre, sides], axis=-1)
        return box_corners(boxes * self.stride)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "stride": self.stride,
        }
