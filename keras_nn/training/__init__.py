"""The engine: what is hard about training every family through `fit`."""

from keras_nn.training.cluster import WorkerLost as WorkerLost
from keras_nn.training.frozen import freeze as freeze
from keras_nn.training.input_gradients import input_gradients as input_gradients
from keras_nn.training.model import Model as Model
from keras_nn.training.multi_player import MultiPlayerModel as MultiPlayerModel
from keras_nn.training.objective_model import ObjectiveModel as ObjectiveModel
from keras_nn.training.strategy import NAMES as STRATEGIES
from keras_nn.training.strategy import is_chief as is_chief
from keras_nn.training.strategy import joins_workers as joins_workers
from keras_nn.training.strategy import strategy as strategy
from keras_nn.training.whole_batch import of_whole_batch as of_whole_batch
