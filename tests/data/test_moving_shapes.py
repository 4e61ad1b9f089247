import numpy as np
import pytest

from keras_nn import data
from keras_nn.data.moving_shapes import CLASS_NAMES


def test_the_same_seed_draws_the_same_clips():
    one, two = (data.draw_moving_shapes(9, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one["clips"], two["clips"])
    other = data.draw_moving_shapes(9, seed=4)
    assert not np.array_equal(one["clips"], other["clips"])
    assert one["clips"].shape == (9, 8, 24, 24, 1)
    assert one["labels"].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0]


def test_no_single_frame_tells_the_class():
    drawn = data.draw_moving_shapes(1600, frames=3, image_size=12)
    frames = drawn["clips"].astype("float32").std(axis=(2, 3, 4))
    for at in range(3):  # the spread of a frame grows with the shape
        means = [
            frames[drawn["labels"] == k, at].mean()
            for k in range(len(CLASS_NAMES))
        ]
        error = frames[:, at].std() / np.sqrt(200)
        assert np.ptp(means) < 5 * error


def test_motions_are_what_they_are_called():
    drawn = data.draw_moving_shapes(160, frames=8, image_size=24)
    clips = drawn["clips"].astype("float32")[..., 0]
    clips = np.abs(clips - np.median(clips, axis=(2, 3), keepdims=True))
    area = (clips > 30).sum(axis=(2, 3))
    up = np.median(np.diff(area, axis=1), axis=1)  # but for the jump back
    labels = drawn["labels"]
    assert (up[labels == 6] > 0).mean() > 0.9
    assert (up[labels == 7] < 0).mean() > 0.9
    for label, axis in ((0, 3), (2, 2)):
        chosen = clips[labels == label] > 30
        # The next frame fits best when the present one is moved on.
        forward, back = (
            sum(
                (np.roll(chosen[:, :-1], step, axis) & chosen[:, 1:]).sum()
                for step in steps
            )
            for steps in ((1, 2, 3), (-1, -2, -3))
        )
        assert forward > 1.2 * back


def test_refuses_nothing_to_draw():
    with pytest.raises(ValueError, match="Received: count=0"):
        data.draw_moving_shapes(0)
