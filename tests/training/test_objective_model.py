import keras
import numpy as np
import pytest

from keras_nn.testing import check_model
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.training import ObjectiveModel

X = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class Squeezed(ObjectiveModel):
    """Squared length of what a regularised layer makes of its input."""

    parts = ("length",)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.layer = keras.layers.Dense(2, kernel_regularizer="l2", name="d")
        self.layer.build((None, 3))
        self.built = True

    def call(self, inputs):
        return self.layer(inputs)

    def objective(self, x, y, training):
        squares = keras.ops.square(self.layer(x) - 1.0)
        length = keras.ops.sum(keras.ops.cast(squares, "float32"), axis=-1)
        return {"loss": 2 * length, "length": length}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2)


def test_conformance():
    check_model(Squeezed, {}, X, package="keras_nn_tests")


def test_weights_of_examples_count_on_replicas_too():
    def build():
        model = Squeezed()
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=0.5))
        return model

    check_replica_step(build, (X[:5], np.zeros(5), np.arange(5.0)))


def test_the_loss_is_the_objective_and_the_regularisers():
    model = Squeezed()
    model.compile("sgd")
    found = model.evaluate(X, verbose=0, return_dict=True)
    length = np.sum((np.array(model.layer(X)) - 1) ** 2, axis=-1).mean()
    decay = 0.01 * np.sum(np.array(model.layer.kernel) ** 2)
    assert found["length"] == pytest.approx(length, rel=1e-5)
    assert found["loss"] == pytest.approx(2 * length + decay, rel=1e-5)


def test_refuses_a_subclass_without_an_objective():
    class Aimless(ObjectiveModel):
        pass

    with pytest.raises(TypeError, match="Aimless must implement `objective`"):
        Aimless().objective(None, None, True)
