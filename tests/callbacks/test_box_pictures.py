import numpy as np

from keras_nn.callbacks.box_pictures import box_picture
from keras_nn.callbacks.box_pictures import rows_there


def test_the_frame_lies_on_the_sides_of_the_box():
    picture = np.zeros((40, 40, 3), "uint8")
    drawn = box_picture(picture, [[5, 15, 31, 33]], [1], ["a", "b"])
    frame = drawn.any(axis=-1)
    assert frame[15:33, 5].all() and frame[15:33, 30].all()
    assert frame[15, 5:31].all() and frame[32, 5:31].all()
    assert not frame[20:30, 10:25].any() and not picture.any()


def test_a_small_picture_is_shown_larger():
    picture = np.zeros((20, 10, 3), "uint8")
    drawn = box_picture(picture, [[1, 10, 9, 19]], [0], ["a"], [0.5], side=100)
    assert drawn.shape == (100, 50, 3)
    assert drawn[50:, 5].any(axis=-1).any()


def test_what_fills_up_is_left_out():
    rows = np.array([[0, 0, 4, 4, 0.9, 2], [0, 0, 0, 0, 0, -1]])
    boxes, labels, scores = rows_there(rows)
    assert boxes.tolist() == [[0, 0, 4, 4]] and labels.tolist() == [2]
    assert scores.tolist() == [[0.9]]
