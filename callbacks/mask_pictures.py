"""Masks of class indices as pictures."""

import colorsys

import numpy as np

from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD

IGNORED = 255
IGNORED_COLOUR = (224, 224, 192)


def class_colours(num_classes):
    """A colour for each class, the first one black: uint8 `(classes, 3)`.

    Neighbours in the list differ by the golden angle, so that few classes
    never look alike.

    Args:
        num_classes: int.

    Example:

    >>> class_colours(3)[0].tolist()
    [0, 0, 0]
    """
    found = [(0.0, 0.0, 0.0)]
    for index in range(num_classes - 1):
        hue = (0.02 + index * 0.618034) % 1
        found.append(colorsys.hsv_to_rgb(hue, 0.85, 0.95 - 0.25 * (index % 2)))
    return np.rint(np.multiply(found, 255)).astype("uint8")


def mask_picture(mask, num_classes):
    """A mask in the colours of its classes: uint8 `(height, width, 3)`.

    Args:
        mask: integer array `(height, width)`; 255 is what does not count.
        num_classes: int.
    """
    table = np.empty((256, 3), "uint8")
    table[:] = IGNORED_COLOUR
    table[:num_classes] = class_colours(num_classes)
    return table[np.asarray(mask, "uint8")]


def mask_overlay(picture, mask, num_classes, opacity=0.5):
    """A picture that shows through its mask; class 0 leaves it as it is.

    Args:
        picture: uint8 array `(height, width, 3)`.
        mask: integer array `(height, width)`.
        num_classes: int.
        opacity: float in [0, 1].

    Returns:
        uint8 array `(height, width, 3)`.
    """
    share = opacity * (np.asarray(mask) > 0)[..., None]
    mixed = picture * (1 - share) + mask_picture(mask, num_classes) * share
    return mixed.round().astype("uint8")


def error_picture(truth, predicted):
    """Green where a mask is right, red where wrong: uint8 `(h, w, 3)`.

    Args:
        truth: integer array `(height, width)`; 255 is what does not count.
        predicted: integer array `(height, width)`.
    """
    right = (truth == predicted)[..., None]
    found = np.where(right, np.uint8(GOOD), np.uint8(BAD))
    found[truth == IGNORED] = IGNORED_COLOUR
    return found


def confusion_matrix(truth, predicted, num_classes):
    """How often each class is predicted where each is: `(classes, classes)`.

    Args:
        truth: integer array; what is no class does not count.
        predicted: integer array of the same shape.
        num_classes: int.
    """
    truth, predicted = np.ravel(truth), np.ravel(predicted)
    counts = (truth >= 0) & (truth < num_classes)
    pairs = truth[counts].astype("int64") * num_classes + predicted[counts]
    found = np.bincount(pairs, minlength=num_classes**2)
    return found.reshape(num_classes, num_classes)
