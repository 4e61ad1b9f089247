import numpy as np

from keras_nn.layers import TrivialAugment
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        TrivialAugment,
        {"fill": 0.5, "value_range": (0, 1), "seed": 1},
        (3, 6, 6, 3),
    )


def test_strengths_are_those_of_the_wide_space():
    layer = TrivialAugment()
    most = layer.strengths(np.ones(1, "float32"), 50, 60)
    found = {name: float(value[0]) for name, value in most.items()}
    assert found["translate_x"] == found["translate_y"] == 32
    assert found["rotate"] == 135 and found["posterize"] == 2
    assert abs(found["color"] - 0.99) < 1e-6
    assert abs(found["shear_x"] - 0.99) < 1e-6
    assert found["solarize"] == 0


def test_levels_are_31_equally_likely():
    layer = TrivialAugment(seed=0)
    levels = np.asarray(layer.draw_levels(31_000))
    found, counts = np.unique(levels.round(4), return_counts=True)
    np.testing.assert_allclose(found, np.arange(31) / 30, atol=1e-4)
    assert np.abs(counts - 1000).max() < 150
