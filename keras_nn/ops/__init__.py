"""Pure tensor functions on `keras.ops`."""

from keras_nn.ops.add_bias import add_bias as add_bias
from keras_nn.ops.batch_normalization import normalize_batch as normalize_batch
