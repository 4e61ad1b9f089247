import numpy as np
import pytest
from keras import ops

from keras_nn.layers import NonMaxSuppression
from keras_nn.ops import suppress_boxes
from keras_nn.testing import check_layer

NAMES = ("boxes", "scores", "labels", "num_detections")


def crowd():
    generator = np.random.default_rng(0)
    low = generator.uniform(0, 20, (2, 12, 2))
    sides = generator.uniform(5, 9, (2, 12, 2))
    boxes = np.concatenate([low, low + sides], axis=-1).astype("float32")
    return [boxes, generator.random((2, 12, 3)).astype("float32")]


def test_conformance():
    arguments = {"iou_threshold": 0.3, "max_detections": 7}
    check_layer(NonMaxSuppression, arguments, crowd(), half=False)


def test_says_what_suppression_leaves_by_name():
    boxes, scores = crowd()
    scores[1, 2:] = 0  # at most six objects
    found = NonMaxSuppression(0.4, 0.2, 20)([boxes, scores])
    assert tuple(found) == NAMES
    found = {k: ops.convert_to_numpy(v) for k, v in found.items()}
    rows = ops.convert_to_numpy(suppress_boxes(boxes, scores, 0.4, 0.2, 20))
    np.testing.assert_array_equal(found["boxes"], rows[..., :4])
    np.testing.assert_array_equal(found["scores"], rows[..., 4])
    np.testing.assert_array_equal(found["labels"], rows[..., 5])
    assert found["labels"].dtype == found["num_detections"].dtype == "int32"
    count = found["num_detections"][1]
    assert 0 < count <= 6 and count == (found["scores"][1] > 0).sum()
    assert (found["labels"][1, count:] == -1).all()


@pytest.mark.parametrize(
    "arguments", [{"max_detections": 0}, {"iou_threshold": 1.2}]
)
def test_refuses_arguments_out_of_range(arguments):
    with pytest.raises(ValueError, match="`max_detections` must be positive"):
        NonMaxSuppression(**arguments)
