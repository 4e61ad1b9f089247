"""Dense layers of one input, worked out by one product."""

import keras
import numpy as np
from keras import ops


def joint_projection(x, layers):
    """What several Dense layers give of one input.

    `[x W_1 + b_1, x W_2 + b_2, ...] = split(x [W_1 W_2 ...] + [b_1 b_2 ...])`

    One product of large matrices takes less time than several of small ones.
    Layers that are more than a product (adapters, a quantised kernel, an
    activation) are called one after the other.

    Args:
        x: float tensor of shape `(..., features)`.
        layers: list of built `keras.layers.Dense`.

    Returns:
        A list of float tensors of shapes `(..., units)`, one a layer.

    Example:

    >>> layers = [keras.layers.Dense(units) for units in (2, 3)]
    >>> x = ops.ones((1, 4))
    >>> for layer in layers:
    ...     layer.build(x.shape)
    >>> [y.shape for y in joint_projection(x, layers)]
    [TensorShape([1, 2]), TensorShape([1, 3])]
    """
    if not all(map(_is_plain, layers)):
        return [layer(x) for layer in layers]
    y = ops.matmul(x, ops.concatenate([one.kernel for one in layers], axis=1))
    if layers[0].use_bias:
        y = ops.add(y, ops.concatenate([one.bias for one in layers]))
    ends = np.cumsum([one.units for one in layers])
    return ops.split(y, ends[:-1].tolist(), axis=-1)


def _is_plain(layer):
    return (
        type(layer) is keras.layers.Dense
        and layer.activation is keras.activations.linear
        and not layer.lora_enabled
        and layer.quantization_mode is None
    )
