import numpy as np
import pytest

from keras_nn.models import PictureHistory
from keras_nn.testing import check_layer


def numbered(numbers):
    return np.reshape(np.asarray(numbers, "float32"), (-1, 1, 1, 1))


def shown(history, numbers, training=True):
    return np.ravel(history(numbered(numbers), training=training)).tolist()


def test_conformance():
    # It hands on float32 pictures, without a gradient, of one picture size.
    layer = PictureHistory((1, 1, 1), 3)
    assert layer.get_config()["capacity"] == 3
    other = PictureHistory.from_config(layer.get_config())
    assert other.shape == (1, 1, 1)
    assert layer.compute_output_shape((5, 1, 1, 1)) == (5, 1, 1, 1)
    check_layer(
        PictureHistory,
        {"shape": (4, 4, 1), "capacity": 0},
        (3, 4, 4, 1),
        half=False,
        replicas=False,
    )


def test_it_is_filled_first_then_exchanged_at_random():
    history = PictureHistory((1, 1, 1), capacity=4)
    assert shown(history, [1, 2, 3]) == [1, 2, 3]
    assert shown(history, [4, 5]) == [4, 5]  # 5 finds no place
    assert np.ravel(history.pictures).tolist() == [1, 2, 3, 4]
    assert int(history.count) == 4
    old, swaps, held = 0, 0, [1.0, 2.0, 3.0, 4.0]
    for number in range(10, 210, 2):
        fresh = [float(number), float(number + 1)]
        handed = shown(history, fresh)
        now = np.ravel(history.pictures).tolist()
        # What is handed on and what is held are what was there, and no more.
        assert sorted(handed + now) == sorted(held + fresh)
        for mine, seen in zip(fresh, handed, strict=True):
            assert seen == mine or (seen in held and mine in now)
            swaps += seen != mine
        old, held = old + 2, now
    assert 0.4 < swaps / old < 0.6


def test_nothing_is_kept_when_nothing_is_learnt():
    history = PictureHistory((1, 1, 1), capacity=2)
    assert shown(history, [7], training=False) == [7]
    assert int(history.count) == 0
    assert shown(PictureHistory((1, 1, 1), capacity=0), [7]) == [7]


def test_refuses_pictures_of_any_size():
    with pytest.raises(ValueError, match="0 for pictures of an unknown size"):
        PictureHistory((None, None, 3))
    assert PictureHistory((None, None, 3), capacity=0).weights == []
