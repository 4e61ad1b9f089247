import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.training import frozen

X = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3)).astype("float32")
Y = np.arange(4) % 2


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class HoldsAConvolution(keras.layers.Layer):
    """As blocks of networks do."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = keras.layers.Conv2D(2, 3, name="inner")

    def build(self, input_shape):
        self.inner.build(input_shape)

    def call(self, x):
        return self.inner(x)


def classifier():
    inputs = keras.Input((8, 8, 3))
    network = keras.Model(inputs, HoldsAConvolution(name="holds")(inputs))
    return ImageClassifier(network, num_classes=2, preprocess=None)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_frozen_backbone_stays_so_when_it_was_saved_and_loaded(
    tmp_path, compiled
):
    app = classifier()
    app.backbone.trainable = False
    app.compile()
    assert len(app.trainable_variables) == 2  # of the head
    app.save(tmp_path / "app.keras")
    path = tmp_path / "app.keras"
    loaded = keras.saving.load_model(path, compile=compiled)
    before = [weight.numpy() for weight in loaded.backbone.weights]
    if not compiled:  # what Keras makes of it
        assert len(loaded.trainable_variables) == 4
        loaded.compile()
    assert len(loaded.trainable_variables) == 2
    loaded.fit(X, Y, verbose=0)
    for weight, value in zip(loaded.backbone.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)


def test_what_is_frozen_in_part_or_free_stays_so():
    app = classifier()
    frozen.settle_frozen(app)
    assert len(app.trainable_variables) == 4
    frozen.freeze(app.backbone.get_layer("holds"))
    frozen.settle_frozen(app)
    assert len(app.trainable_variables) == 2


def test_a_part_that_its_owner_freed_stays_free():
    inputs = keras.Input((3,))
    x = keras.layers.Dense(3)(inputs)
    network = keras.Model(inputs, keras.layers.Dense(2)(x))
    model = keras.Sequential([keras.Input((3,)), network])
    network.trainable = False
    network.layers[-1].trainable = True
    frozen.settle_frozen(model)
    assert len(model.trainable_variables) == 2
