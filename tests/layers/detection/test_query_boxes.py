import numpy as np
import pytest
from keras import ops

from keras_nn.layers import QueryBoxes
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(QueryBoxes, {"image_size": (8, 12)}, (2, 3, 4), half=False)


def test_equals_the_equation():
    raw = np.random.default_rng(0).normal(size=(2, 3, 4))
    x, y, w, h = np.moveaxis(1 / (1 + np.exp(-raw)), -1, 0)
    x, y, w, h = 12 * x, 8 * y, 12 * w, 8 * h
    expected = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
    found = ops.convert_to_numpy(QueryBoxes((8, 12))(raw))
    np.testing.assert_allclose(found, np.stack(expected, -1), rtol=1e-4)
    with pytest.raises(ValueError, match="`image_size` must be"):
        QueryBoxes((8, 0))
