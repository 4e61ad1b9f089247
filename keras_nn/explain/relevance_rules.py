"""Rules of layer-wise relevance propagation, as gradients.

Each function gives the value of an operation, and a gradient that is not its
own: what comes in at the back is the relevance of the outputs, what goes out
in front the relevance of the inputs. `t(x) = x + x * (x' - x)` with all but
`x'` held has the value `x` and turns a gradient into input times gradient, so
`f(t(x)) / f(x)` does what a rule says.
"""

import keras
import tensorflow as tf

from keras_nn.explain.ruled_gradients import with_gradient_of
from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm

_CONVOLUTIONS = (
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
)
_DEPTHWISE = (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D)


def turned(x):
    """A tensor whose gradient arrives multiplied by its value."""
    value = tf.stop_gradient(x)
    return value + value * (x - value)


def shares(part, whole, epsilon):
    """What each part is of a whole that is kept away from 0."""
    whole = tf.stop_gradient(whole)
    sign = tf.where(whole >= 0, 1.0, -1.0)
    return part / (whole + epsilon * sign)


def of_linear(function, tensors, epsilon, absorb_bias):
    """`R_i = sum_j x_i w_ij / (z_j + epsilon) R_j` for any affine function.

    Args:
        function: callable from tensors to a tensor.
        tensors: list of tensors, its inputs.
        epsilon: float.
        absorb_bias: bool. Whether the bias keeps its share of relevance.
    """
    z = function(*[turned(x) for x in tensors])
    part = z
    if not absorb_bias:
        part = z - function(*[tf.zeros_like(x) for x in tensors])
    return with_gradient_of(z, shares(part, part, epsilon))


def passing(value, x):
    """Relevance goes from an activation's output to its input as it is."""
    return with_gradient_of(value, x)


def of_product(x, y, epsilon):
    """Both factors take half."""
    z = turned(x) * turned(y)
    return with_gradient_of(z, shares(z / 2, z, epsilon))


def of_layer_normalization(layer, x, epsilon, absorb_bias):
    """The standard deviation counts as a constant.

    Reference:
        [Ali et al., 2022](https://arxiv.org/abs/2202.07304)
    """
    axes = layer.axis if isinstance(layer.axis, list | tuple) else [layer.axis]
    variance = tf.math.reduce_variance(x, axis=axes, keepdims=True)
    scale = tf.stop_gradient(tf.math.rsqrt(variance + layer.epsilon))
    weights = [getattr(layer, name, None) for name in ("gamma", "beta")]
    gamma, beta = (
        default if weight is None else tf.convert_to_tensor(weight)
        for weight, default in zip(weights, (1.0, 0.0), strict=True)
    )

    def affine(x):
        mean = tf.reduce_mean(x, axis=axes, keepdims=True)
        return (x - mean) * scale * gamma + beta

    return of_linear(affine, [x], epsilon, absorb_bias)


def kernel_of(layer):
    """A linear layer as `(apply(x, kernel), kernel, bias or None)`, or None.

    None says that the layer has no single kernel.
    """
    if isinstance(layer, ConvBatchNorm):
        kernel, bias, convolve = layer.folded()
        return convolve, kernel, bias
    bias = getattr(layer, "bias", None)
    bias = None if bias is None else tf.convert_to_tensor(bias)
    if isinstance(layer, keras.layers.Dense):
        return tf.linalg.matmul, tf.convert_to_tensor(layer.kernel), bias
    if isinstance(layer, _DEPTHWISE):

        def convolve(x, kernel):
            return keras.ops.depthwise_conv(
                x,
                kernel,
                strides=layer.strides,
                padding=layer.padding,
                data_format=layer.data_format,
                dilation_rate=layer.dilation_rate,
            )

        return convolve, tf.convert_to_tensor(layer.kernel), bias
    if isinstance(layer, _CONVOLUTIONS) and layer.padding != "causal":
        return layer.convolution_op, tf.convert_to_tensor(layer.kernel), bias
    return None


def of_signed(layer, x, combine, absorb_bias):
    """A rule that treats contributions by their sign.

    Args:
        layer: a layer that `kernel_of` knows.
        x: tensor, its input.
        combine: callable `(value, positive, negative) -> tensor`, of the sum
            of positive contributions and that of negative ones.
        absorb_bias: bool. Whether the bias is one of them.
    """
    apply, kernel, bias = kernel_of(layer)
    x = turned(x)
    high, low = tf.nn.relu(x), -tf.nn.relu(-x)
    up, down = tf.nn.relu(kernel), -tf.nn.relu(-kernel)
    positive = apply(high, up) + apply(low, down)
    negative = apply(high, down) + apply(low, up)
    value = positive + negative
    if bias is not None:
        value = value + bias
        if absorb_bias:
            positive += tf.nn.relu(bias)
            negative -= tf.nn.relu(-bias)
    return with_gradient_of(value, combine(value, positive, negative))


def alpha_beta(alpha, beta, epsilon):
    """`alpha` of the relevance to what is positive, `-beta` to the rest.

    Where there is only one kind of contributions it takes all.
    """

    def combine(value, positive, negative):
        has_both = (positive > 0) & (negative < 0)
        of_positive = tf.where(has_both, alpha, 1.0)
        of_negative = tf.where(has_both, -beta, 1.0)
        return of_positive * shares(
            positive, positive, epsilon
        ) + of_negative * shares(negative, negative, epsilon)

    return combine


def gamma_rule(gamma, epsilon):
    """Contributions with the sign of the output count `1 + gamma` times."""

    def combine(value, positive, negative):
        upward = tf.where(value >= 0, 1.0 + gamma, 1.0)
        downward = tf.where(value >= 0, 1.0, 1.0 + gamma)
        favoured = upward * positive + downward * negative
        return shares(favoured, favoured, epsilon)

    return combine
