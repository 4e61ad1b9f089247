import keras
from keras import ops

from keras_nn.ops.box_coders import decode_distances
from keras_nn.ops.pyramid_places import pyramid_points


@keras.saving.register_keras_serializable(package="keras_nn")
class PointBoxes(keras.layers.Layer):
    """The boxes that a network without anchors predicts, as corners.

    `(x - s l, y - s t, x + s r, y + s b)` with `(l, t, r, b) = softplus(z)`
    at the place `(x, y)` of a map of stride `s`. In float32: half precision
    does not tell neighbouring pixels apart.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        strides: list of int, in pixels. Those of the pyramid's maps.
        dtype: str or dtype policy. Defaults to `"float32"`, whatever the
            global policy.

    Call arguments:
        inputs: float tensor `(batch, places, 4)`.

    Returns:
        A float32 tensor `(batch, places, 4)` of `(x_min, y_min, x_max,
        y_max)`, in pixels.

    Example:

    >>> boxes = PointBoxes((4, 4), [4])(ops.zeros((1, 1, 4)))
    >>> [round(float(x), 4) for x in boxes[0, 0]]
    [-0.7726, -0.7726, 4.7726, 4.7726]

    Reference:
        [Tian et al., 2019](https://arxiv.org/abs/1904.01355), section 3, with
        the exponential function there.
    """

    def __init__(self, image_size, strides, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.image_size = tuple(image_size)
        self.strides = list(strides)
        self.points, self.steps = pyramid_points(image_size, strides)

    def build(self, input_shape):
        pass

    def call(self, inputs):
        steps = ops.expand_dims(ops.convert_to_tensor(self.steps), -1)
        return decode_distances(
            ops.softplus(inputs) * steps, ops.convert_to_tensor(self.points)
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "strides": self.strides,
        }
