import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class TwoStepAdjacency(keras.layers.Layer):
    """An edge to wherever at most two edges lead, but to the node itself.

    `B = (A + I)^2` with a diagonal of 0, that of `A` being left out of account

    Args:
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: float tensor of shape `(packs, nodes, nodes)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> path = ops.array([[[0.0, 1, 0], [0, 0, 1], [0, 0, 0]]])
    >>> print(ops.convert_to_numpy(TwoStepAdjacency()(path))[0])
    [[0. 2. 1.]
     [0. 0. 2.]
     [0. 0. 0.]]

    Reference:
        [Gao and Ji, 2019](https://arxiv.org/abs/1905.05178), section 3.4
    """

    def call(self, inputs):
        nodes = ops.shape(inputs)[-1]
        identity = ops.eye(nodes, dtype=inputs.dtype)
        once = inputs * (1 - identity) + identity
        return ops.matmul(once, once) * (1 - identity)

    def compute_output_shape(self, input_shape):
        return input_shape
