import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class MessageNormalization(keras.layers.Layer):
    """Messages as long as what the receiver is (MessageNorm).

    `y[n] = scale |x[n]| m[n] / |m[n]|`

    Args:
        learn_scale: bool. Whether the scale is learnt, or 1. Defaults to
            False.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict of `node_features` and of `messages`, what nodes
            received, of the same shape `(..., features)`.

    Returns:
        A float tensor of the shape of `messages`.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[3.0, 4.0]]),
    ...     "messages": ops.array([[0.0, 2.0]]),
    ... }
    >>> print(ops.convert_to_numpy(MessageNormalization()(graph)))
    [[0. 5.]]

    Reference:
        [Li et al., 2020](https://arxiv.org/abs/2006.07739), section 3.3
    """

    def __init__(self, learn_scale=False, **kwargs):
        super().__init__(**kwargs)
        self.learn_scale = learn_scale

    def build(self, input_shape):
        if self.learn_scale:
            self.scale = self.add_weight(
                name="scale", shape=(), initializer="ones"
            )

    def call(self, inputs):
        # Half precision cannot sum the squares of many features.
        x = ops.cast(inputs["node_features"], "float32")
        messages = ops.cast(inputs["messages"], "float32")
        y = ops.normalize(messages, axis=-1) * _length(x)
        if self.learn_scale:
            y = y * ops.cast(self.scale, "float32")
        return ops.cast(y, inputs["messages"].dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["messages"])

    def get_config(self):
        return {**super().get_config(), "learn_scale": self.learn_scale}


def _length(x):
    square = ops.sum(ops.square(x), axis=-1, keepdims=True)
    # The root has no gradient at 0.
    some = square > 0
    root = ops.sqrt(ops.where(some, square, ops.ones_like(square)))
    return ops.where(some, root, ops.zeros_like(root))
