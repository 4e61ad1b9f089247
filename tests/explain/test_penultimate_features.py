import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain import penultimate_features


def test_are_the_inputs_of_the_last_layer_with_weights():
    images = keras.Input((6, 6, 1))
    pooled = layers.GlobalAveragePooling2D()(layers.Conv2D(5, 3)(images))
    logits = layers.Dense(2)(layers.Dropout(0.5)(pooled))
    model = keras.Model(images, layers.Softmax()(logits))
    features = penultimate_features(FunctionalView(model))
    x = np.random.default_rng(0).normal(size=(3, 6, 6, 1)).astype("float32")
    np.testing.assert_allclose(
        features([x], training=False),
        keras.Model(images, pooled)(x),
        atol=1e-6,
    )


def test_average_over_positions():
    images = keras.Input((6, 6, 1))
    maps = layers.Conv2D(5, 3)(images)
    model = keras.Model(images, layers.Conv2D(2, 1)(maps))
    features = penultimate_features(FunctionalView(model))
    x = np.random.default_rng(0).normal(size=(3, 6, 6, 1)).astype("float32")
    expected = np.mean(keras.Model(images, maps)(x), axis=(1, 2))
    np.testing.assert_allclose(features([x]), expected, atol=1e-6)


def test_rejects_a_model_without_weights():
    model = keras.Sequential([keras.Input((3,)), layers.ReLU()])
    with pytest.raises(ValueError, match="Received: it ends in"):
        penultimate_features(FunctionalView(model))
