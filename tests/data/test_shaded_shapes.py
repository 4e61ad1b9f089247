import numpy as np
import pytest

from keras_nn.data import draw_shaded_shapes
from keras_nn.data import load
from keras_nn.data.shaded_shapes import LABEL_COLOURS


def test_every_label_is_painted_in_its_way():
    drawn = draw_shaded_shapes(40, seed=3)
    labels, pictures = drawn["labels"], drawn["pictures"].astype("float32")
    assert labels.dtype == drawn["pictures"].dtype == "uint8"
    seen = np.unique(labels.reshape(-1, 3), axis=0).tolist()
    assert sorted(seen) == sorted(LABEL_COLOURS.tolist())
    means = [pictures[(labels == c).all(-1)].mean(0) for c in LABEL_COLOURS]
    sky, ball, crate, fir = np.array(means)
    assert sky.argmax() == 2 and ball.argmax() == 0 and fir.argmax() == 1
    assert crate[0] > crate[1] > crate[2]
    again = draw_shaded_shapes(40, seed=3)["pictures"]
    np.testing.assert_array_equal(again, drawn["pictures"])


def test_is_a_named_set_in_three_parts():
    splits = load("shaded-shapes")
    counts = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert counts == [1080, 120, 200]
    assert splits.test.y.shape == splits.test.x.shape == (200, 64, 64, 3)


def test_refuses_pictures_that_are_too_small():
    with pytest.raises(ValueError, match="at least 16.*image_size=8"):
        draw_shaded_shapes(1, image_size=8)
