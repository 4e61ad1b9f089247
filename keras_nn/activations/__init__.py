"""Activation functions that Keras does not have."""

from keras_nn.activations.scaled_tanh import scaled_tanh as scaled_tanh
