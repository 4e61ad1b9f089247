"""Pure tensor functions on `keras.ops`."""

from keras_nn.ops.add_bias import add_bias as add_bias
from keras_nn.ops.batch_normalization import normalize_batch as normalize_batch
from keras_nn.ops.segments import segment_aggregate as segment_aggregate
from keras_nn.ops.segments import segment_count as segment_count
from keras_nn.ops.segments import segment_max as segment_max
from keras_nn.ops.segments import segment_mean as segment_mean
from keras_nn.ops.segments import segment_min as segment_min
from keras_nn.ops.segments import segment_softmax as segment_softmax
from keras_nn.ops.segments import segment_softmax_sum as segment_softmax_sum
from keras_nn.ops.segments import segment_std as segment_std
from keras_nn.ops.segments import segment_sum as segment_sum
from keras_nn.ops.segments import take_rows as take_rows
