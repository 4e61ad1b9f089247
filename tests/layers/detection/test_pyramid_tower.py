import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PyramidTower
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(
        PyramidTower,
        {
            "outputs": 3,
            "boxes": 2,
            "filters": 4,
            "depth": 1,
            "norm": "group",
            "norm_groups": 2,
            "prior": 0.1,
        },
        [(2, 4, 3, 2), (2, 2, 2, 2)],
    )


def test_places_follow_one_another_row_by_row_and_boxes_within():
    layer = PyramidTower(2, boxes=3, depth=0)
    maps = [np.random.default_rng(0).normal(size=(1, 3, 2, 4))]
    rows = ops.convert_to_numpy(layer(maps))[0]
    whole = ops.convert_to_numpy(layer.last(maps[0]))[0]
    for i in range(3):
        for j in range(2):
            for box in range(3):
                np.testing.assert_allclose(
                    rows[(i * 2 + j) * 3 + box],
                    whole[i, j, 2 * box : 2 * box + 2],
                    rtol=1e-5,
                )


def test_a_new_tower_predicts_the_prior():
    layer = PyramidTower(5, filters=4, depth=1, prior=0.01)
    logits = layer([np.zeros((1, 4, 4, 3))])
    found = ops.convert_to_numpy(ops.sigmoid(logits))
    np.testing.assert_allclose(found, 0.01, rtol=1e-4)


def test_refuses_what_is_no_probability():
    with pytest.raises(ValueError, match=r"`prior` must lie in \(0, 1\)"):
        PyramidTower(3, prior=1.0)
    with pytest.raises(ValueError, match="must be positive"):
        PyramidTower(0)
