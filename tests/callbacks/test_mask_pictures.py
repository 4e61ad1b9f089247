import numpy as np

from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD
from keras_nn.callbacks.mask_pictures import IGNORED_COLOUR
from keras_nn.callbacks.mask_pictures import class_colours
from keras_nn.callbacks.mask_pictures import confusion_matrix
from keras_nn.callbacks.mask_pictures import error_picture
from keras_nn.callbacks.mask_pictures import mask_overlay
from keras_nn.callbacks.mask_pictures import mask_picture

MASK = np.array([[0, 1], [2, 255]])


def test_classes_have_colours_of_their_own():
    colours = class_colours(12).astype(int)
    assert colours.shape == (12, 3)
    gaps = np.abs(colours[:, None] - colours[None]).sum(-1)
    assert gaps[~np.eye(12, dtype=bool)].min() > 30
    picture = mask_picture(MASK, 3)
    np.testing.assert_array_equal(picture[1, 0], class_colours(3)[2])
    assert tuple(picture[1, 1]) == IGNORED_COLOUR


def test_the_first_class_leaves_the_picture_as_it_is():
    picture = np.full((2, 2, 3), 100, "uint8")
    found = mask_overlay(picture, MASK, 3)
    np.testing.assert_array_equal(found[0, 0], picture[0, 0])
    expected = (100 + class_colours(3)[1].astype(int)) / 2
    np.testing.assert_allclose(found[0, 1], expected, atol=0.51)


def test_errors_are_red_and_what_does_not_count_is_neither():
    found = error_picture(MASK, np.array([[0, 2], [2, 0]]))
    colours = [tuple(c.tolist()) for c in found.reshape(4, 3)]
    assert colours == [GOOD, BAD, GOOD, IGNORED_COLOUR]


def test_pairs_are_counted():
    matrix = confusion_matrix(MASK, np.array([[0, 2], [2, 0]]), 3)
    assert matrix.tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]
