"""Pure tensor functions on `keras.ops`."""

from keras_nn.ops.add_bias import add_bias as add_bias
from keras_nn.ops.attention_positions import alibi_slopes as alibi_slopes
from keras_nn.ops.attention_positions import (
    relative_buckets as relative_buckets,
)
from keras_nn.ops.attention_positions import rotate_pairs as rotate_pairs
from keras_nn.ops.attention_positions import visible_keys as visible_keys
from keras_nn.ops.batch_normalization import normalize_batch as normalize_batch
