import math

import keras
import numpy as np
import pytest

from keras_nn.layers import RandomResizedCrop
from keras_nn.ops.resized_crops import resized_crops
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(4, 10, 8, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(
        RandomResizedCrop,
        {"height": 4, "width": 5, "seed": 3},
        (4, 10, 8, 3),
        replicas=False,
    )


def naive(draws, rows, columns, scale, ratio):
    """The first of the draws that fits, as torchvision takes it."""
    for share, turn in draws:
        area = rows * columns * (scale[0] + share * (scale[1] - scale[0]))
        low, high = map(math.log, ratio)
        aspect = math.exp(low + turn * (high - low))
        wide = int(round(math.sqrt(area * aspect)))
        tall = int(round(math.sqrt(area / aspect)))
        if 0 < wide <= columns and 0 < tall <= rows:
            return tall, wide
    if columns / rows < ratio[0]:
        return int(round(columns / ratio[0])), columns
    if columns / rows > ratio[1]:
        return rows, int(round(rows * ratio[1]))
    return rows, columns


@pytest.mark.parametrize(
    ("sides", "scale", "ratio"),
    [
        ((40, 30), (0.08, 1.0), (3 / 4, 4 / 3)),
        ((40, 30), (0.9, 1.0), (2.0, 3.0)),  # none fits
        ((30, 40), (0.9, 1.0), (0.5, 0.6)),
        ((60, 61), (0.2, 0.3), (1.0, 1.0)),
    ],
)
def test_rectangles_are_those_of_their_draws(sides, scale, ratio):
    layer = RandomResizedCrop(4, 4, scale, ratio, seed=1)
    drawn = []
    layer._draw = lambda shape, low=0.0, high=1.0: (
        drawn.append(np.random.default_rng(len(drawn)).random(shape))
        or low + drawn[-1].astype("float32") * (high - low)
    )
    boxes = np.asarray(layer.boxes(50, *sides))
    for index, (top, left, tall, wide) in enumerate(boxes):
        draws = zip(drawn[0][index], drawn[1][index], strict=True)
        assert (tall, wide) == naive(draws, *sides, scale, ratio)
        assert 0 <= top <= sides[0] - tall and 0 <= left <= sides[1] - wide


def test_all_places_and_areas_are_drawn():
    layer = RandomResizedCrop(4, 4, seed=0)
    boxes = np.asarray(layer.boxes(4000, 64, 64))
    areas = boxes[:, 2] * boxes[:, 3] / 64**2
    # What is too long for the picture is drawn again, so large ones are rarer.
    assert 0.07 < areas.min() < 0.09 and areas.max() > 0.95
    assert 0.45 < areas.mean() < 0.54
    ratios = boxes[:, 3] / boxes[:, 2]
    assert 0.7 < ratios.min() < 0.77 and 1.3 < ratios.max() < 1.4
    assert np.log(ratios).mean() == pytest.approx(0, abs=0.02)
    assert boxes[:, 0].min() == 0 and boxes[:, 1].max() > 40


def test_in_training_a_rectangle_and_else_the_middle():
    layer = RandomResizedCrop(4, 5, seed=0)
    np.testing.assert_array_equal(layer(X), X[:, 3:7, 2:7])
    boxes = RandomResizedCrop(4, 5, seed=0).boxes(4, 10, 8)
    np.testing.assert_allclose(
        layer(X, training=True),
        resized_crops(keras.ops.convert_to_tensor(X), boxes, 4, 5),
    )


@pytest.mark.parametrize(
    ("given", "received"),
    [
        ({"height": 0}, "height=0"),
        ({"scale": (0.5, 0.2)}, r"scale=\(0.5, 0.2\)"),
        ({"ratio": (0, 1)}, r"ratio=\(0, 1\)"),
    ],
)
def test_refuses_what_cannot_be(given, received):
    with pytest.raises(ValueError, match=received):
        RandomResizedCrop(**{"height": 4, "width": 4, **given})
    with pytest.raises(ValueError, match="crop of 11x4"):
        RandomResizedCrop(11, 4)(X)
