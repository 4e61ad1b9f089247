import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import RandomBoxView
from keras_nn.testing import check_layer


def pair(count=3, height=12, width=16):
    generator = np.random.default_rng(0)
    images = generator.uniform(0, 255, (count, height, width, 3))
    boxes = np.array([[2, 3, 9, 10, 1], [0, 0, 0, 0, -1]], "float32")
    return {
        "images": images.astype("float32"),
        "boxes": np.stack([boxes] * count),
    }


def test_conformance():
    check_layer(
        RandomBoxView,
        {
            "zoom": (0.7, 1.4),
            "stretch": 0.2,
            "flip": "horizontal_and_vertical",
            "contrast": 0.2,
            "tint": 0.1,
            "seed": 3,
        },
        pair(),
        half=False,  # the corners of boxes need whole precision
    )


def seen(layer, inputs):
    found = layer(inputs, training=True)
    return {name: ops.convert_to_numpy(value) for name, value in found.items()}


@pytest.mark.parametrize("flip", ["horizontal", "vertical"])
def test_a_flip_mirrors_pixels_and_boxes(flip):
    inputs = pair(16)
    found = seen(RandomBoxView(flip=flip, seed=0), inputs)
    axis = 1 if flip == "horizontal" else 0
    mirrored = {
        "horizontal": [16 - 9, 3, 16 - 2, 10],
        "vertical": [2, 12 - 10, 9, 12 - 3],
    }[flip]
    turned = 0
    for before, after, boxes in zip(
        inputs["images"], found["images"], found["boxes"], strict=True
    ):
        if np.allclose(after, np.flip(before, axis), atol=1e-2):
            turned += 1
            assert boxes[0].tolist() == [*mirrored, 1]
        else:
            np.testing.assert_allclose(after, before, atol=1e-2)
            assert boxes[0].tolist() == [2, 3, 9, 10, 1]
        assert boxes[1, 4] == -1
    assert 0 < turned < 16


@pytest.mark.parametrize("zoom", [(0.6, 0.6), (1.0, 1.3), (1.5, 2.0)])
def test_boxes_stay_around_their_objects(zoom):
    """A bright rectangle on black is where its box says, after any view."""
    images = np.zeros((20, 32, 40, 1), "float32")
    images[:, 10:20, 12:26] = 1
    boxes = np.full((20, 1, 5), [12, 10, 26, 20, 0], "float32")
    keras.utils.set_random_seed(1)
    layer = RandomBoxView(zoom, stretch=0.2, flip="horizontal_and_vertical")
    found = seen(layer, {"images": images, "boxes": boxes})
    kept = 0
    for picture, (box,) in zip(found["images"], found["boxes"], strict=True):
        bright = picture[..., 0] > 0.5
        if box[4] < 0:
            assert bright.mean() < 0.25
            continue
        kept += 1
        rows, columns = bright.any(axis=1), bright.any(axis=0)
        measured = [
            np.flatnonzero(columns)[0],
            np.flatnonzero(rows)[0],
            np.flatnonzero(columns)[-1] + 1,
            np.flatnonzero(rows)[-1] + 1,
        ]
        np.testing.assert_allclose(box[:4], measured, atol=1.01)
    assert kept >= 10


def test_a_box_of_which_little_is_left_is_taken_away():
    inputs = {
        "images": np.zeros((30, 20, 20, 1), "float32"),
        "boxes": np.full((30, 1, 5), [0, 0, 6, 6, 2], "float32"),
    }
    layer = RandomBoxView((2.0, 2.0), flip=None, min_visible=0.5)
    boxes = seen(layer, inputs)["boxes"][:, 0]
    there = boxes[:, 4] == 2
    assert 0 < there.sum() < 30
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    assert (areas[there] >= 0.5 * 12 * 12 - 1e-3).all()
    assert (boxes[~there] == [0, 0, 0, 0, -1]).all()


def test_pictures_pass_as_they_are_outside_of_training():
    inputs = pair()
    layer = RandomBoxView((0.5, 2.0))
    found = layer(inputs, training=False)
    for name, value in inputs.items():
        np.testing.assert_array_equal(ops.convert_to_numpy(found[name]), value)


@pytest.mark.parametrize(
    "arguments",
    [{"zoom": (0, 1)}, {"zoom": (2, 1)}, {"flip": "up"}, {"contrast": 1.0}],
)
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ValueError, match="Received"):
        RandomBoxView(**arguments)
