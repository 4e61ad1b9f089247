import numpy as np
from keras import ops

from keras_nn.ops import suppress_boxes
from keras_nn.testing.backend import compiled


def naive(boxes, scores, iou_threshold, score_threshold, most):
    """Greedy suppression of one picture, class by class."""
    rows = []
    for label in range(scores.shape[1]):
        left = [
            i
            for i in np.argsort(-scores[:, label], kind="stable")
            if scores[i, label] >= score_threshold
        ]
        while left:
            best, *left = left
            rows.append([*boxes[best], scores[best, label], label])
            left = [
                i for i in left if iou(boxes[best], boxes[i]) <= iou_threshold
            ]
    rows.sort(key=lambda row: -row[4])
    rows = rows[:most]
    return np.array(rows + [[0, 0, 0, 0, 0, -1]] * (most - len(rows)))


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return both / (sum(areas) - both)


def crowd(batch=3, count=40, classes=3):
    generator = np.random.default_rng(0)
    low = generator.uniform(0, 30, (batch, count, 2))
    sides = generator.uniform(10, 20, (batch, count, 2))
    boxes = np.concatenate([low, low + sides], axis=-1).astype("float32")
    scores = generator.random((batch, count, classes)).astype("float32")
    return boxes, scores


def test_equals_greedy_loops():
    boxes, scores = crowd()
    for most in (10, 100):
        found = suppress_boxes(boxes, scores, 0.4, 0.2, most)
        assert found.shape == (3, most, 6)
        for picture in range(3):
            np.testing.assert_allclose(
                ops.convert_to_numpy(found)[picture],
                naive(boxes[picture], scores[picture], 0.4, 0.2, most),
                rtol=1e-5,
            )


def test_one_compiled_function_gives_the_same():
    boxes, scores = crowd()

    def call(inputs):
        return suppress_boxes(*inputs, 0.4, 0.2, 20)

    run = compiled(call, [], jit=True)
    np.testing.assert_allclose(
        ops.convert_to_numpy(run([boxes, scores])),
        ops.convert_to_numpy(call([boxes, scores])),
        rtol=1e-5,
    )


def test_a_chain_keeps_every_second_box():
    """The second is suppressed by the first, so it suppresses no third."""
    left = np.arange(6) * 4.0
    boxes = np.stack([left, left * 0, left + 10, left * 0 + 10], axis=-1)
    scores = np.linspace(0.9, 0.5, 6)[:, None]
    found = suppress_boxes(boxes[None], scores[None], 0.3, 0.05, 6)
    kept = ops.convert_to_numpy(found)[0]
    assert kept[kept[:, 5] >= 0][:, 0].tolist() == [0.0, 8.0, 16.0]


def test_a_picture_without_objects_has_none():
    found = suppress_boxes(np.zeros((1, 4, 4)), np.zeros((1, 4, 2)))
    assert (ops.convert_to_numpy(found)[..., 5] == -1).all()
