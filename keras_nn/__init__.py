"""Neural-network families for Keras 3: parts, engine, tasks, instruments.

Importing this package registers every class of the suite, so that
`keras.saving.load_model` reads any file that the suite wrote. The parts
(`ops`, `layers`, `losses`, `metrics`, and the models that are plain Keras)
run on every Keras backend; what trains, reads data or writes TensorBoard
files needs TensorFlow and is left out on another backend.
"""

import keras as _keras

from keras_nn import activations as activations
from keras_nn import initializers as initializers
from keras_nn import layers as layers
from keras_nn import losses as losses
from keras_nn import metrics as metrics
from keras_nn import models as models
from keras_nn import ops as ops
from keras_nn import optimizers as optimizers
from keras_nn import regularizers as regularizers
from keras_nn import schedules as schedules
from keras_nn.version import __version__ as __version__

if _keras.config.backend() == "tensorflow":
    from keras_nn import applications as applications
    from keras_nn import callbacks as callbacks
    from keras_nn import data as data
    from keras_nn import generation as generation
    from keras_nn import training as training
