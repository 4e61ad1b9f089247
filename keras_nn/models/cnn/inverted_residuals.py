"""The blocks of MobileNets and EfficientNets."""

import keras

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.layers.cnn.depthwise_conv_batch_norm import DepthwiseConvBatchNorm
from keras_nn.layers.cnn.drop_path import DropPath
from keras_nn.layers.cnn.squeeze_excite import SqueezeExcite
from keras_nn.models.cnn.output_stride import check_output_stride
from keras_nn.models.cnn.output_stride import dilated


class InvertedResiduals:
    """Builds blocks that are wide inside and thin between onto a graph.

    `y = x + project(weigh(depthwise(expand(x))))`; the shortcut exists where
    a block keeps the shape.

    Args:
        momentum: float, of the moving statistics.
        kernel_initializer: function of none that returns an initializer.
        synchronized: bool. Statistics over all replicas.
        dtype: dtype policy of the layers.
        epsilon: float, added to variances. Defaults to 1e-3.
        padding: `"same"` or `"symmetric"`, where a convolution moves more
            than a pixel: TensorFlow's frame, whose odd zeros are behind, or
            PyTorch's, as many on either side. Defaults to `"same"`.
        output_stride: int or None. Where maps stop getting smaller. Defaults
            to None.

    Raises:
        ValueError: on another `padding`, or a stride that maps cannot have.

    Attributes:
        stride: int. Pixels between neighbours on the map built last.
        rate: int. Distance between the taps of a kernel on that map.
        maps: dict from a stride to the last map of it.
    """

    def __init__(
        self,
        momentum,
        kernel_initializer,
        synchronized,
        dtype,
        epsilon=1e-3,
        padding="same",
        output_stride=None,
    ):
        if padding not in ("same", "symmetric"):
            raise ValueError(
                f"`padding` must be 'same' or 'symmetric'. Received: {padding=}"
            )
        check_output_stride(output_stride, 2)
        self.padding = padding
        self.output_stride = output_stride
        self.kernel_initializer = kernel_initializer
        self.dtype = dtype
        self.norm_arguments = {
            "momentum": momentum,
            "epsilon": epsilon,
            "synchronized": synchronized,
            "dtype": dtype,
        }
        self.stride = 1
        self.rate = 1
        self.maps = {}

    def conv(self, x, filters, kernel_size, strides, activation, name, rate=1):
        """Convolution, normalisation, activation."""
        return ConvBatchNorm(
            filters,
            kernel_size,
            strides=strides,
            padding=self._frame(kernel_size, rate),
            dilation_rate=rate,
            activation=activation,
            kernel_initializer=self.kernel_initializer(),
            name=name,
            **self.norm_arguments,
        )(x)

    def stem(self, x, filters, activation):
        """The first convolution, which halves the picture."""
        x = self.conv(x, filters, 3, 2, activation, "stem")
        return self._keep(x, 2)

    def block(
        self,
        x,
        filters,
        name,
        expanded,
        kernel_size=3,
        strides=1,
        activation="relu",
        squeezed=0,
        squeeze_activation="relu",
        gate="sigmoid",
        drop=0.0,
    ):
        """A block of `expanded` channels inside; None does not expand."""
        shortcut = x
        if expanded is not None:
            x = self.conv(x, expanded, 1, 1, activation, f"{name}_expand")
        taken, later = self._moves(strides)
        x = DepthwiseConvBatchNorm(
            kernel_size,
            strides=taken,
            padding=self._frame(kernel_size, self.rate),
            dilation_rate=self.rate,
            activation=activation,
            kernel_initializer=self.kernel_initializer(),
            name=f"{name}_depthwise",
            **self.norm_arguments,
        )(x)
        if squeezed:
            x = SqueezeExcite(
                squeezed,
                activation=squeeze_activation,
                gate=gate,
                kernel_initializer=self.kernel_initializer(),
                dtype=self.dtype,
                name=f"{name}_se",
            )(x)
        x = self.conv(x, filters, 1, 1, None, f"{name}_project")
        self.rate = later
        return self._end(x, shortcut, strides, taken, drop, name)

    def fused_block(
        self,
        x,
        filters,
        name,
        expanded,
        kernel_size=3,
        strides=1,
        activation="relu",
        drop=0.0,
    ):
        """A block whose first convolution both expands and looks around."""
        shortcut = x
        taken, later = self._moves(strides)
        x = self.conv(
            x,
            filters if expanded is None else expanded,
            kernel_size,
            taken,
            activation,
            f"{name}_project" if expanded is None else f"{name}_expand",
            self.rate,
        )
        if expanded is not None:
            x = self.conv(x, filters, 1, 1, None, f"{name}_project")
        self.rate = later
        return self._end(x, shortcut, strides, taken, drop, name)

    def _frame(self, kernel_size, rate):
        return "same" if self.padding == "same" else rate * (kernel_size // 2)

    def _moves(self, strides):
        return dilated(self.stride, self.rate, strides, self.output_stride)

    def _end(self, x, shortcut, strides, taken, drop, name):
        # A block that would move has no shortcut, whether it moves or not.
        if strides == 1 and x.shape[-1] == shortcut.shape[-1]:
            if drop:
                x = DropPath(drop, dtype=self.dtype, name=f"{name}_drop")(x)
            x = keras.layers.Add(dtype=self.dtype, name=f"{name}_add")(
                [shortcut, x]
            )
        return self._keep(x, taken)

    def _keep(self, x, strides):
        self.stride *= strides
        self.maps[self.stride] = x
        return x


def round_channels(channels, divisor=8, shrink=0.9):
    """The multiple of `divisor` next to `channels`.

    Args:
        channels: float.
        divisor: int. Also the least result.
        shrink: float. The share of `channels` below which the next greater
            multiple is taken.
    """
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    if rounded < shrink * channels:
        rounded += divisor
    return int(rounded)
