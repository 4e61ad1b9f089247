import numpy as np
import pytest

from keras_nn.data import draw_shapes
from keras_nn.data.shapes import CLASS_NAMES
from keras_nn.data.shapes import shapes
from keras_nn.data.shapes import shapes_with_boxes


def test_boxes_labels_and_masks_tell_the_same():
    drawn = draw_shapes(40, image_size=48, max_shapes=4, seed=3)
    assert drawn["images"].shape == (40, 48, 48, 3)
    sizes = {len(boxes) for boxes in drawn["boxes"]}
    assert sizes == {1, 2, 3, 4}
    seen = set()
    for mask, boxes, labels in zip(
        drawn["masks"], drawn["boxes"], drawn["labels"], strict=True
    ):
        rest = mask.copy()
        for (x, y, right, below), label in zip(
            boxes.astype(int), labels, strict=True
        ):
            inside = mask[y:below, x:right]
            assert set(np.unique(inside)) <= {0, label}
            # Tight: all four sides of the box touch the shape.
            for side in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
                assert side.any()
            area = (inside == label).mean()
            expected = {1: np.pi / 4, 2: 1.0, 3: 0.5}[label]
            assert area == pytest.approx(expected, abs=0.08)
            rest[y:below, x:right] = 0
            seen.add(label)
        assert not rest.any()
    assert seen == {1, 2, 3}


def test_shapes_differ_from_the_background_by_more_than_the_noise():
    drawn, gaps, noise = draw_shapes(20, seed=0), [], []
    for picture, mask in zip(drawn["images"], drawn["masks"], strict=True):
        for label in np.unique(mask[mask > 0]):
            shape, ground = picture[mask == label], picture[mask == 0]
            gaps.append(np.abs(shape.mean(0) - ground.mean(0)).max())
            noise.append(ground.std(0).mean())
    assert np.median(gaps) > 2 * np.mean(noise)


def test_the_seed_draws_the_pictures():
    first, again, other = (draw_shapes(3, seed=seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first["images"], again["images"])
    assert (first["images"] != other["images"]).any()


def test_the_named_set():
    splits = shapes()
    assert splits.class_names == CLASS_NAMES
    assert splits.train.shape == (64, 64, 3) and len(splits.test) == 200
    assert set(np.unique(splits.test.y)) == {0, 1, 2, 3}


def test_refuses_tiny_pictures():
    with pytest.raises(ValueError, match="`image_size` at least 16"):
        draw_shapes(1, image_size=8)


def test_the_named_set_with_boxes():
    splits = shapes_with_boxes()
    assert splits.class_names == ("circle", "square", "triangle")
    assert splits.train.y.shape == (800, 3, 5) and len(splits.test) == 200
    drawn = draw_shapes(3)
    for rows, boxes, labels in zip(
        splits.train.y, drawn["boxes"], drawn["labels"], strict=False
    ):
        there = rows[rows[:, 4] >= 0]
        np.testing.assert_array_equal(there[:, :4], boxes)
        np.testing.assert_array_equal(there[:, 4], labels - 1)
