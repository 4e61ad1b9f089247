import numpy as np
import pytest

from keras_nn.models import LeNet5
from keras_nn.models.cnn.lenet5 import C3_TABLE
from keras_nn.testing import check_model


def test_conformance():
    arguments = {
        "input_shape": (28, 28, 1),
        "classes": 3,
        "classifier_activation": None,
    }
    check_model(LeNet5, arguments, (5, 28, 28, 1), (5, 3))


def test_has_the_weights_that_the_paper_counts():
    counts = {
        layer.name: layer.count_params()
        for layer in LeNet5(input_shape=(32, 32, 1)).layers
        if layer.count_params()
    }
    assert counts == {
        "c1": 156,
        "s2": 12,
        "c3": 1516,
        "s4": 32,
        "c5": 48120,
        "f6": 10164,
        "predictions": 850,
    }


def test_connects_c3_as_table_one():
    sizes = [len(row) for row in C3_TABLE]
    assert sizes == [3] * 6 + [4] * 9 + [6]
    assert [sum(i in row for row in C3_TABLE) for i in range(6)] == [10] * 6
    assert len({tuple(sorted(row)) for row in C3_TABLE}) == 16


def test_frames_small_pictures_with_the_background():
    small = LeNet5()
    large = LeNet5(input_shape=(32, 32, 1))
    large.set_weights(small.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 28, 28, 1))
    framed = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)))
    np.testing.assert_allclose(
        small.predict(x, verbose=0),
        large.predict(framed, verbose=0),
        rtol=1e-4,
        atol=1e-6,
    )


def test_all_connections_and_another_activation_are_possible():
    model = LeNet5(
        include_top=False, activation="relu", partial_connections=False
    )
    assert model.get_layer("c3").count_params() == 16 * (6 * 25 + 1)
    assert model.output_shape == (None, 84)


def test_refuses_small_pictures():
    with pytest.raises(ValueError, match=r"Received: input_shape=\(16, 16, 1"):
        LeNet5(input_shape=(16, 16, 1))
