import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications.box_targets import check_box_targets


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([2, 2, 9, 9, 3], r"\[0, 2\], or be -1.*Received: 3"),
        ([2, 2, 9, 9, -2], r"\[0, 2\], or be -1.*Received: -2"),
        ([2, 2, 9, 9, 0.5], r"\[0, 2\], or be -1.*Received: 0.5"),
        ([2, 2, 2, 9, 0], "Boxes must have an area.*2.0, 2.0, 2.0, 9.0"),
    ],
)
def test_boxes_that_cannot_be_are_refused(row, message):
    x, y = np.zeros((2, 8, 8, 3)), np.full((2, 1, 5), row, "float32")
    split = data.Split(x, y)
    good = data.Split(x, np.full((2, 1, 5), -1.0))
    for targets in (y, (x, y), split, data.Splits(good, split, None)):
        with pytest.raises(ValueError, match=message):
            check_box_targets(targets, 3)


def test_targets_must_be_rows_of_five():
    with pytest.raises(ValueError, match=r"Targets are rows.*\(2,\)"):
        check_box_targets(np.zeros(2), 3)
    check_box_targets(np.zeros((2, 8, 8, 3)), 3)  # pictures
    check_box_targets(None, 3)
