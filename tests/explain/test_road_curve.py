import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import InputXGradient
from keras_nn.explain import road_curve
from keras_nn.explain.road_curve import filled_in

RANDOM = np.random.default_rng(0)


@pytest.fixture(scope="module")
def explain():
    """Says 1 where the first quarter is bright on the whole."""
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(2)]
    )
    kernel = np.zeros((8, 8, 2))
    kernel[:4, :4, 1] = 1.0
    model.layers[1].set_weights([kernel.reshape(-1, 2), np.array([4.0, 0])])
    return InputXGradient(model)


@pytest.fixture(scope="module")
def pictures():
    x = np.zeros((3, 8, 8, 1))
    x[:, :4, :4] = 1.0
    return x + RANDOM.uniform(0, 0.1, x.shape)


def test_what_matters_first_and_last(explain, pictures):
    first = road_curve(explain, pictures, targets=1, shares=(0.1, 0.3))
    last = road_curve(
        explain, pictures, targets=1, shares=(0.1, 0.3), least_first=True
    )
    # 19 of 64 positions are more than the quarter that counts.
    np.testing.assert_array_equal(first, [[1, 0]] * 3)
    np.testing.assert_array_equal(last, [[1, 1]] * 3)
    scores = road_curve(
        explain, pictures, targets=1, shares=(0.3,), accuracy=False
    )
    assert (scores < 4).all() and (scores > 0).all()


def test_an_even_ground_leaves_no_trace():
    picture = np.full((5, 6, 2), 0.7)
    missing = RANDOM.uniform(size=(5, 6)) < 0.6
    found = filled_in(np.where(missing[..., None], 9.0, picture), missing)
    np.testing.assert_allclose(found, picture)


def test_refuses_shares_out_of_range_and_other_inputs(explain, pictures):
    with pytest.raises(ValueError, match=r"Received: \[0.5, 1.0\]"):
        road_curve(explain, pictures, shares=(0.5, 1.0))
    flat = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"shapes \[\(2, 3\)\]"):
        road_curve(InputXGradient(flat), np.ones((2, 3)))
