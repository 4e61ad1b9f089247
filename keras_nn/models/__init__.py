"""Networks and generative models, by family."""

from keras_nn.models.backbone import Backbone as Backbone
from keras_nn.models.cnn.lecun1989 import LeCun1989 as LeCun1989
from keras_nn.models.cnn.lenet5 import LeNet5 as LeNet5
from keras_nn.models.cnn.resnet import ResNet as ResNet
from keras_nn.models.cnn.simple_cnn import SimpleCNN as SimpleCNN
from keras_nn.models.dense.mlp import MLP as MLP
