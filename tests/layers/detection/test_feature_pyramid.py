import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FeaturePyramid
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        FeaturePyramid,
        {"filters": 3, "extra_levels": 1},
        [(2, 5, 4, 2), (2, 3, 2, 4)],
        # The step of the check makes the trackers of several outputs' losses
        # while it is traced, which no strategy allows; the models that hold
        # this layer are compared on replicas.
        replicas=False,
    )


def test_a_coarse_map_reaches_the_finer_ones_and_not_the_other_way_round():
    layer = FeaturePyramid(2)
    maps = [np.ones((1, 8, 8, 1), "float32"), np.ones((1, 4, 4, 1), "float32")]
    before = [ops.convert_to_numpy(x) for x in layer(maps)]
    coarse = [maps[0], 2 * maps[1]]
    fine = [2 * maps[0], maps[1]]
    after = [ops.convert_to_numpy(x) for x in layer(coarse)]
    assert all((a != b).any() for a, b in zip(after, before, strict=True))
    after = [ops.convert_to_numpy(x) for x in layer(fine)]
    assert (after[0] != before[0]).any()
    np.testing.assert_array_equal(after[1], before[1])


def test_equals_the_sum_of_a_lateral_and_a_repeated_map():
    layer = FeaturePyramid(1)
    generator = np.random.default_rng(0)
    maps = [generator.normal(size=(1, s, s, 1)) for s in (4, 2)]
    layer.build([m.shape for m in maps])
    for lateral in layer.laterals:
        lateral.set_weights([np.ones((1, 1, 1, 1)), np.zeros(1)])
    only = np.zeros((3, 3, 1, 1))
    only[1, 1] = 1
    for smooth in layer.smooths:
        smooth.set_weights([only, np.zeros(1)])
    fine = ops.convert_to_numpy(layer(maps)[0])
    expected = maps[0] + maps[1].repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_allclose(fine, expected, rtol=1e-5, atol=1e-6)


def test_refuses_no_filters():
    with pytest.raises(ValueError, match="`filters` must be positive"):
        FeaturePyramid(0)
