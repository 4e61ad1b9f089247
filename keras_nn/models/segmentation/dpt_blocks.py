"""What the decoder of a dense prediction transformer is made of."""

import keras

from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization


class DPTBlocks:
    """The blocks of `DPT`.

    Args:
        filters: int. Channels of all maps that are joined.
        dtype: dtype policy of the layers.
    """

    def __init__(self, filters, dtype):
        self.filters = filters
        self.dtype = dtype

    def reassembled(self, x, channels, level, name):
        """Patches as a map of 4, 2, 1 or 1/2 times as many places a side."""
        x = self.conv(x, channels, 1, f"{name}_in")
        if level < 2:
            factor = 4 // 2**level
            x = keras.layers.Conv2DTranspose(
                channels,
                factor,
                strides=factor,
                data_format="channels_last",
                dtype=self.dtype,
                name=f"{name}_resize",
            )(x)
        elif level == 3:
            # Framed evenly, where "same" would add zeros behind only.
            x = keras.layers.ZeroPadding2D(
                1,
                data_format="channels_last",
                dtype=self.dtype,
                name=f"{name}_frame",
            )(x)
            x = keras.layers.Conv2D(
                channels,
                3,
                strides=2,
                data_format="channels_last",
                dtype=self.dtype,
                name=f"{name}_resize",
            )(x)
        return self.conv(x, self.filters, 3, f"{name}_out", use_bias=False)

    def residual(self, x, name):
        """Two 3x3 convolutions with what they are added to."""
        y = x
        for index in range(2):
            y = keras.layers.Activation(
                "relu", dtype=self.dtype, name=f"{name}_relu_{index}"
            )(y)
            y = self.conv(
                y, self.filters, 3, f"{name}_conv_{index}", use_bias=False
            )
            y = FastBatchNormalization(
                dtype=self.dtype, name=f"{name}_norm_{index}"
            )(y)
        return keras.layers.Add(dtype=self.dtype, name=name)([x, y])

    def conv(self, x, channels, size, name, use_bias=True):
        """A convolution alone."""
        return keras.layers.Conv2D(
            channels,
            size,
            padding="same",
            use_bias=use_bias,
            kernel_initializer="he_normal",
            data_format="channels_last",
            dtype=self.dtype,
            name=name,
        )(x)
