"""The stages of residual networks, with the layer names of Keras's own."""

import keras

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization
from keras_nn.layers.cnn.padding_shortcut import PaddingShortcut
from keras_nn.layers.cnn.squeeze_excite import SqueezeExcite
from keras_nn.models.cnn.output_stride import dilated


class ResidualStages:
    """Builds stages of residual blocks onto a graph of image features.

    `y = shortcut(x) + residual(x)`, followed by a ReLU in version 1

    The places of the strides are those of `keras.applications`: in version 1
    the first convolution of a stage, in version 2 with bottlenecks the last
    block of a stage, otherwise the first block.

    Args:
        bottleneck: bool. Blocks of 1x1, 3x3, 1x1 convolutions with four times
            the filters at the end, instead of two 3x3.
        preactivation: bool. Version 2: normalise before, not after.
        shortcut: `"projection"` (1x1 convolution) or `"padding"` (zeros)
            where the shape changes.
        conv_bias: bool. Whether convolutions have the biases that
            `keras.applications` gives them.
        momentum: float, of the moving statistics.
        epsilon: float, added to variances.
        synchronized: bool. Statistics over all replicas.
        groups: int. Of the 3x3 convolutions of bottlenecks.
        group_width: int or None. Channels of a group in the first stage.
        squeeze: float. Hidden share of squeeze and excitation, or 0.
        downsample: `"first"` or `"middle"`, the convolution of a bottleneck
            of version 1 that moves.
        output_stride: int or None. Where maps stop getting smaller.
        dtype: dtype policy of the layers.

    Attributes:
        stride: int. Pixels between neighbours on the map built last.
        rate: int. Distance between the taps of a kernel on that map.
        maps: dict from a stride to the last map of it.
    """

    def __init__(
        self,
        bottleneck,
        preactivation,
        shortcut,
        conv_bias,
        momentum,
        epsilon,
        synchronized,
        dtype,
        groups=1,
        group_width=None,
        squeeze=0.0,
        downsample="first",
        output_stride=None,
    ):
        self.bottleneck = bottleneck
        self.preactivation = preactivation
        self.shortcut = shortcut
        self.conv_bias = conv_bias
        self.dtype = dtype
        self.groups = groups
        self.group_width = group_width
        self.squeeze = squeeze
        self.downsample = downsample
        self.output_stride = output_stride
        self.rate = 1
        self.stride = 1
        self.maps = {}
        self.norm_arguments = {
            "momentum": momentum,
            "epsilon": epsilon,
            "synchronized": synchronized,
            "dtype": dtype,
        }

    def imagenet_stem(self, x, filters=64):
        """7x7 convolution and 3x3 pooling, each moving two pixels."""
        if self.preactivation:
            x = self.zero_pad(x, 3, "conv1_pad")
            x = self.conv(x, filters, 7, 2, True, "conv1", padding="valid")
        else:
            x = self.conv_norm(x, filters, 7, 2, "relu", "conv1")
        self._keep(x, 2)
        x = self.zero_pad(x, 1, "pool1_pad")
        x = keras.layers.MaxPooling2D(
            3,
            strides=2,
            data_format="channels_last",
            dtype=self.dtype,
            name="pool1_pool",
        )(x)
        return self._keep(x, 2)

    def cifar_stem(self, x, filters):
        """3x3 convolution at full size."""
        if self.preactivation:
            return self._keep(self.conv(x, filters, 3, 1, True, "conv1"), 1)
        return self._keep(self.conv_norm(x, filters, 3, 1, "relu", "conv1"), 1)

    def stage(self, x, filters, num_blocks, strides, name):
        """`num_blocks` blocks, one of which moves `strides` pixels."""
        last = self.preactivation and self.bottleneck
        for index in range(1, num_blocks + 1):
            moves = index == (num_blocks if last else 1)
            block = self.block_v2 if self.preactivation else self.block_v1
            rate = self.rate
            taken, self.rate = dilated(
                self.stride, rate, strides if moves else 1, self.output_stride
            )
            x = block(
                x,
                filters,
                taken,
                index == 1,
                f"{name}_block{index}",
                (rate, self.rate),  # up to what moves, and behind it
            )
            self._keep(x, taken)
        return x

    def block_v1(self, x, filters, strides, first, name, rates=(1, 1)):
        """Convolution, normalisation, ReLU; the last ReLU after the sum."""
        width = 4 * filters if self.bottleneck else filters
        shortcut = x
        moved = strides > 1 or rates[0] != rates[1]
        if moved or x.shape[-1] != width or (first and self.bottleneck):
            shortcut = self._shortcut_v1(x, width, strides, f"{name}_0")
        if self.bottleneck:
            inner = self._inner(filters)
            early = self.downsample == "first"
            moves = (strides, 1) if early else (1, strides)
            x = self.conv_norm(x, inner, 1, moves[0], "relu", f"{name}_1")
            x = self.conv_norm(
                x,
                inner,
                3,
                moves[1],
                "relu",
                f"{name}_2",
                groups=self.groups,
                rate=rates[1] if early else rates[0],
            )
            x = self.conv_norm(x, width, 1, 1, None, f"{name}_3")
        else:
            x = self.conv_norm(
                x, filters, 3, strides, "relu", f"{name}_1", rate=rates[0]
            )
            x = self.conv_norm(x, width, 3, 1, None, f"{name}_2", rate=rates[1])
        x = self._weigh(x, f"{name}_se")
        x = keras.layers.Add(dtype=self.dtype, name=f"{name}_add")(
            [shortcut, x]
        )
        return self.relu(x, f"{name}_out")

    def block_v2(self, x, filters, strides, first, name, rates=(1, 1)):
        """Normalisation, ReLU, convolution; the sum is left as it is."""
        width = 4 * filters if self.bottleneck else filters
        active = self.norm(x, f"{name}_preact_bn")
        active = self.relu(active, f"{name}_preact_relu")
        changes = x.shape[-1] != width
        if self.shortcut == "padding" and (changes or strides > 1):
            shortcut = self._pad(x, width, strides, f"{name}_0")
        elif changes or (first and self.bottleneck):
            shortcut = self.conv(active, width, 1, strides, True, f"{name}_0")
        elif strides > 1:
            shortcut = self._pad(x, width, strides, f"{name}_0")
        else:
            shortcut = x
        if self.bottleneck:
            inner = self._inner(filters)
            x = self.conv_norm(
                active, inner, 1, 1, "relu", f"{name}_1", use_bias=False
            )
            x = self.conv_norm(
                x,
                inner,
                3,
                strides,
                "relu",
                f"{name}_2",
                use_bias=False,
                groups=self.groups,
                rate=rates[0],
            )
            x = self.conv(x, width, 1, 1, True, f"{name}_3")
        else:
            x = self.conv_norm(
                active,
                filters,
                3,
                strides,
                "relu",
                f"{name}_1",
                use_bias=False,
                rate=rates[0],
            )
            x = self.conv(x, width, 3, 1, True, f"{name}_2", rate=rates[1])
        x = self._weigh(x, f"{name}_se")
        return keras.layers.Add(dtype=self.dtype, name=f"{name}_out")(
            [shortcut, x]
        )

    def conv_norm(
        self,
        x,
        filters,
        kernel_size,
        strides,
        activation,
        name,
        use_bias=None,
        groups=1,
        rate=1,
    ):
        """Convolution with its normalisation, framed by zeros evenly."""
        return ConvBatchNorm(
            filters,
            kernel_size,
            strides=strides,
            padding=rate * (kernel_size // 2),
            dilation_rate=rate,
            activation=activation,
            use_bias=self.conv_bias if use_bias is None else use_bias,
            groups=groups,
            name=name,
            **self.norm_arguments,
        )(x)

    def conv(
        self,
        x,
        filters,
        kernel_size,
        strides,
        bias,
        name,
        padding="same",
        rate=1,
    ):
        """Convolution alone, as version 2 ends its blocks with."""
        return keras.layers.Conv2D(
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            dilation_rate=rate,
            use_bias=bias and self.conv_bias,
            kernel_initializer="he_normal",
            data_format="channels_last",
            dtype=self.dtype,
            name=f"{name}_conv",
        )(x)

    def zero_pad(self, x, padding, name):
        """A frame of zeros."""
        return keras.layers.ZeroPadding2D(
            padding, data_format="channels_last", dtype=self.dtype, name=name
        )(x)

    def norm(self, x, name):
        """Normalisation alone."""
        return FastBatchNormalization(name=name, **self.norm_arguments)(x)

    def relu(self, x, name):
        """ReLU as a layer of its own, so its output can be asked for."""
        return keras.layers.Activation("relu", dtype=self.dtype, name=name)(x)

    def _inner(self, filters):
        """Channels of the 3x3 convolution of a bottleneck."""
        if self.group_width is None:
            return filters
        return self.groups * self.group_width * filters // 64

    def _weigh(self, x, name):
        if not self.squeeze:
            return x
        units = max(1, round(x.shape[-1] * self.squeeze))
        return SqueezeExcite(units, dtype=self.dtype, name=name)(x)

    def _keep(self, x, strides):
        """Notes the last map of each stride."""
        self.stride *= strides
        self.maps[self.stride] = x
        return x

    def _shortcut_v1(self, x, width, strides, name):
        if self.shortcut == "padding":
            return self._pad(x, width, strides, name)
        return self.conv_norm(x, width, 1, strides, None, name)

    def _pad(self, x, width, strides, name):
        return PaddingShortcut(
            width, strides=strides, dtype=self.dtype, name=f"{name}_skip"
        )(x)
