import keras
import numpy as np
from keras import ops

from keras_nn.layers import FlexibleGRUCell
from keras_nn.testing import check_layer
from keras_nn.testing.backend import gradients

X = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")


def test_conformance():
    def arguments():
        cell = FlexibleGRUCell(3, layer_norm=True, name="cell")
        cell.build((None, 2))  # else its config grows when it is built
        return {"cell": cell}

    check_layer(
        keras.layers.RNN,
        arguments,
        (3, 4, 2),
        half=False,
        mask=False,
        package=None,
    )


def test_half_precision_stays_in_half():
    cell = FlexibleGRUCell(3, dtype="mixed_float16")
    layer = keras.layers.RNN(cell, dtype="mixed_float16")
    assert layer(np.ones((2, 3, 2), "float16")).dtype == "float16"
    assert cell.kernel.dtype == "float32"


def test_without_extras_it_is_keras_gru_and_its_gradient():
    theirs = keras.layers.GRU(5, return_sequences=True)
    ours = keras.layers.RNN(FlexibleGRUCell(5), return_sequences=True)
    theirs(X), ours(X)
    theirs.set_weights(
        [w + 0.1 * i for i, w in enumerate(theirs.get_weights())]
    )
    ours.set_weights(theirs.get_weights())
    results = []
    for layer in (ours, theirs):
        _, y, found = gradients(
            lambda layer=layer: ((y := layer(X)), (ops.sum(y**2), y))[1],
            layer.trainable_weights,
        )
        results.append([y, *found])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_normed_sums_do_not_depend_on_the_scale_of_the_input():
    cell = FlexibleGRUCell(4, layer_norm=True)
    state = cell.get_initial_state(3)
    once, _ = cell(X[:, 0], state)
    thrice, _ = cell(3 * X[:, 0], state)
    np.testing.assert_allclose(once, thrice, atol=1e-3)
