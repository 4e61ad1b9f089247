import math

import numpy as np
import pytest
from keras import ops

from keras_nn.models.diffusion.consistency_levels import ConsistencyLevels
from keras_nn.models.diffusion.consistency_levels import distances
from keras_nn.schedules import EDMNoise

COURSE = ConsistencyLevels(EDMNoise(), 2, 150, 800, 0.9)


def test_levels_grow_as_in_the_paper():
    for step in (0, 1, 100, 799, 800, 2000):
        k = min(step, 800)
        root = math.sqrt(k / 800 * (151**2 - 4) + 4)
        expected = math.ceil(root - 1) + 1
        count = COURSE.count(ops.convert_to_tensor(step))
        assert float(count) == expected
        kept = math.exp(2 * math.log(0.9) / expected)
        assert float(COURSE.kept(count)) == pytest.approx(kept, rel=1e-6)


def test_ratios_are_those_of_karras():
    index = ops.arange(10, dtype="float32")
    found = COURSE.ratios(index, ops.convert_to_tensor(10.0))
    _, alphas, sigmas = EDMNoise().grid(10)
    expected = (sigmas / alphas)[:10][::-1]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_number_that_stays():
    course = ConsistencyLevels(EDMNoise(), 7, 7, 1, 0.0)
    assert float(course.count(ops.convert_to_tensor(5))) == 7
    assert float(course.kept(course.count(0))) == 0


def test_distances_of_pictures():
    found, target = np.ones((2, 2, 3), "float32"), np.zeros((2, 2, 3))
    target[1] = [0.5, 1.0, 1.0]
    squared = distances(found, target.astype("float32"), "squared")
    np.testing.assert_allclose(squared, [1, 0.25 / 3], rtol=1e-6)
    huber = distances(found, target.astype("float32"), "pseudo_huber")
    c = 0.00054 * math.sqrt(6)
    expected = [math.hypot(math.sqrt(d), c) - c for d in (6, 0.5)]
    np.testing.assert_allclose(huber, expected, rtol=1e-5)


def test_refuses_levels_that_fall():
    for first, last in ((1, 4), (5, 4)):
        with pytest.raises(ValueError, match="must not fall.*Received"):
            ConsistencyLevels(EDMNoise(), first, last, 10, 0.9)
    with pytest.raises(ValueError, match="`total_steps` must be positive"):
        ConsistencyLevels(EDMNoise(), 2, 4, 0, 0.9)
