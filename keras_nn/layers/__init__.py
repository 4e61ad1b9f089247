"""Layers, by family."""

from keras_nn.layers.cnn.connection_table_conv2d import (
    ConnectionTableConv2D as ConnectionTableConv2D,
)
from keras_nn.layers.cnn.constant_padding2d import (
    ConstantPadding2D as ConstantPadding2D,
)
from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm as ConvBatchNorm
from keras_nn.layers.cnn.fast_batch_normalization import (
    FastBatchNormalization as FastBatchNormalization,
)
from keras_nn.layers.cnn.padding_shortcut import (
    PaddingShortcut as PaddingShortcut,
)
from keras_nn.layers.cnn.trainable_subsampling2d import (
    TrainableSubsampling2D as TrainableSubsampling2D,
)
from keras_nn.layers.cnn.unit_bias import UnitBias as UnitBias
