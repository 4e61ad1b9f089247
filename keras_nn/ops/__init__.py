"""Pure tensor functions on `keras.ops`."""

from keras_nn.ops.batch_normalization import normalize_batch as normalize_batch
