import keras
from keras import ops

from keras_nn.ops.box_coders import box_corners


@keras.saving.register_keras_serializable(package="keras_nn")
class QueryBoxes(keras.layers.Layer):
    """The boxes that queries predict, as corners.

    `corners(W s(x), H s(y), W s(w), H s(h))` with the logistic function `s`,
    for pictures of `H` rows and `W` columns. In float32: half precision does
    not tell neighbouring pixels apart.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        dtype: str or dtype policy. Defaults to `"float32"`, whatever the
            global policy.

    Call arguments:
        inputs: float tensor `(..., 4)`: centre and sides, before `s`.

    Returns:
        A float32 tensor `(..., 4)` of `(x_min, y_min, x_max, y_max)`, in
        pixels.

    Raises:
        ValueError: if `image_size` is no size.

    Example:

    >>> boxes = QueryBoxes((8, 16))(ops.zeros((1, 1, 4)))
    >>> ops.convert_to_numpy(boxes).tolist()
    [[[4.0, 2.0, 12.0, 6.0]]]

    Reference:
        [Carion et al., 2020](https://arxiv.org/abs/2005.12872), section 3.2.
    """

    def __init__(self, image_size, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        if len(image_size) != 2 or min(image_size) < 1:
            raise ValueError(
                "`image_size` must be (height, width) in pixels. "
                f"Received: {image_size=}"
            )
        self.image_size = tuple(image_size)

    def build(self, input_shape):
        pass

    def call(self, inputs):
        height, width = self.image_size
        scale = ops.convert_to_tensor([width, height] * 2, self.compute_dtype)
        return box_corners(ops.sigmoid(inputs) * scale)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "image_size": self.image_size}
