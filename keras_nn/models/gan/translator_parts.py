"""What networks from pictures to pictures, and their judges, are made of."""

import keras
from keras import layers

from keras_nn.layers import FastBatchNormalization
from keras_nn.layers import InstanceNormalization

NORMALIZATIONS = ("batch", "instance", None)


class Parts:
    """Layers as the papers have them: kernels drawn with deviation 0.02.

    Instance normalisation has no scale and no shift of its own, and the
    convolution before it keeps its bias; the one before batch normalisation
    has none.

    Args:
        normalization: str or None. `"batch"`, `"instance"` or None.
        dtype: str or dtype policy of the layers.

    Raises:
        ValueError: On another normalisation.
    """

    def __init__(self, normalization, dtype):
        if normalization not in NORMALIZATIONS:
            raise ValueError(
                f"`normalization` must be one of {NORMALIZATIONS}. "
                f"Received: {normalization=}"
            )
        self.normalization = normalization
        self.dtype = dtype

    def conv(self, x, filters, size, name, transpose=False, **how):
        """A convolution, or one that enlarges; `use_bias` as said above."""
        kind = layers.Conv2DTranspose if transpose else layers.Conv2D
        return kind(
            filters,
            size,
            **{"use_bias": self.normalization != "batch", **how},
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
            data_format="channels_last",
            dtype=self.dtype,
            name=name,
        )(x)

    def norm(self, x, name):
        """The normalisation of a map."""
        if self.normalization == "batch":
            return FastBatchNormalization(
                momentum=0.9,
                epsilon=1e-5,
                gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02),
                dtype=self.dtype,
                name=name,
            )(x)
        if self.normalization is None:
            return x
        return InstanceNormalization(dtype=self.dtype, name=name)(x)

    def relu(self, x, name, slope=0.0):
        """ReLU, leaky below zero by `slope`."""
        return layers.LeakyReLU(slope, dtype=self.dtype, name=name)(x)
