"""Named data sets, readers of standard formats, splits, batching."""

from keras_nn.data.load import load as load
from keras_nn.data.load import names as names
from keras_nn.data.split import Split as Split
from keras_nn.data.splits import Splits as Splits
from keras_nn.data.steps import steps as steps
