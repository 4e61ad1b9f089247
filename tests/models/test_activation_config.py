import keras

from keras_nn.models.activation_config import activation_config


def test_activations_survive_a_config():
    assert activation_config(None) is None
    assert activation_config("relu") == "relu"
    config = activation_config(keras.activations.gelu)
    assert keras.activations.get(config) is keras.activations.gelu
