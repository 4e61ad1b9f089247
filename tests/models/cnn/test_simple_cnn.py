import numpy as np
import pytest

from keras_nn.models import SimpleCNN
from keras_nn.testing import check_model


def test_conformance():
    arguments = {
        "input_shape": (8, 8, 2),
        "classes": 3,
        "classifier_activation": None,
        "filters": [3, 4],
        "units": 5,
    }
    # float16 first lowers its loss scale, a step at a time.
    check_model(SimpleCNN, arguments, (5, 8, 8, 2), (5, 3), epochs=15)


def test_equals_loops():
    model = SimpleCNN(
        include_top=False, input_shape=(4, 4, 1), filters=[2], units=3
    )
    x = np.random.default_rng(0).normal(size=(4, 4))
    kernel, bias, w, b = model.get_weights()
    framed = np.pad(x, 1)
    convolved = np.zeros((4, 4, 2))
    for i in range(4):
        for j in range(4):
            patch = framed[i : i + 3, j : j + 3, None]
            convolved[i, j] = np.sum(patch * kernel[:, :, 0], (0, 1)) + bias
    blocks = np.maximum(convolved, 0).reshape(2, 2, 2, 2, 2)
    pooled = blocks.max((1, 3)).reshape(-1)
    np.testing.assert_allclose(
        model.predict(x[None, ..., None], verbose=0)[0],
        np.maximum(pooled @ w + b, 0),
        rtol=1e-4,
        atol=1e-5,
    )


def test_drops_units_only_in_training():
    model = SimpleCNN(input_shape=(4, 4, 1), include_top=False, dropout=0.5)
    x = np.ones((1, 4, 4, 1), "float32")
    y = np.array(model(x))
    np.testing.assert_array_equal(y, np.array(model(x, training=False)))
    assert np.any(np.array(model(x, training=True)) != y)


def test_refuses_pictures_too_small_to_halve():
    with pytest.raises(ValueError, match=r"Received: input_shape=\(3, 3, 1\)"):
        SimpleCNN(input_shape=(3, 3, 1))
