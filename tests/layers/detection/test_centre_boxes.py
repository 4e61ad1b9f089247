import numpy as np
from keras import ops

from keras_nn.layers import CentreBoxes
from keras_nn.testing import check_layer


def test_conformance():
    # In float32 under every policy.
    arguments = {"image_size": (8, 12), "stride": 4}
    check_layer(CentreBoxes, arguments, (2, 6, 4), half=False)


def test_equals_loops_over_cells():
    raw = np.random.default_rng(0).normal(size=(1, 6, 4)).astype("float32")
    boxes = ops.convert_to_numpy(CentreBoxes((8, 12), 4)(raw))[0]
    cells = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    for (column, row), (x, y, w, h), box in zip(
        cells, raw[0], boxes, strict=True
    ):
        x, y = 4 * (column + x), 4 * (row + y)
        w, h = 4 * np.log1p(np.exp(w)), 4 * np.log1p(np.exp(h))
        expected = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
        np.testing.assert_allclose(box, expected, rtol=1e-5, atol=1e-5)
