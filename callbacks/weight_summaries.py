import numpy as np
import tensorflow as tf

from keras_nn.callbacks.histogram import write_histogram


def write_histograms(model):
    """Write the distribution of every weight with the default writer.

    Args:
        model: a built `keras.Model` of any kind; weights that it holds
            directly, outside its layers, are written too.

    Writes:
        `<weight path>/histogram`: histogram, unitless.
    """
    for name, weight in named_weights(model):
        write_histogram(f"{name}/histogram", weight.numpy())


def write_images(model):
    """Write every weight as grey pictures with the default writer.

    A matrix is one picture, a bias a line, a convolution kernel one picture
    for each pair of channels (the first three are kept).

    Args:
        model: a built `keras.Model`.

    Writes:
        `<weight path>/image`: images, each scaled from its smallest to its
        largest value.
    """
    for name, weight in named_weights(model):
        pictures = as_pictures(weight.numpy())
        if pictures is not None:
            tf.summary.image(f"{name}/image", pictures)


def named_weights(model):
    """All weights of a model, each with a name that no other has.

    Args:
        model: a built `keras.Model`.

    Returns:
        A list of `(name, weight)`. The name is the weight's path.
    """
    pairs, names = [], set()
    for weight in model.weights:
        name = path = weight.path.replace(":", "_")
        number = 1
        while name in names:
            name, number = f"{path}_{number}", number + 1
        names.add(name)
        pairs.append((name, weight))
    return pairs


def as_pictures(weight):
    """A weight as pictures for `tf.summary.image`.

    Args:
        weight: float array of any shape.

    Returns:
        A float array of shape `(pictures, height, width, 1)` with values
        from 0 to 1, or None for a weight of more than four dimensions, of
        none, or of whole numbers.

    Example:

    >>> as_pictures(np.ones((3, 3, 1, 8))).shape
    (8, 3, 3, 1)
    """
    if not np.issubdtype(weight.dtype, np.floating):
        return None
    pixels = np.squeeze(np.asarray(weight, "float32"))
    if pixels.ndim == 1:
        pixels = pixels[None, None]
    elif pixels.ndim == 2:
        pixels = pixels if len(pixels) <= len(pixels.T) else pixels.T
        pixels = pixels[None]
    elif pixels.ndim in (3, 4):
        height, width = pixels.shape[:2]
        pixels = np.moveaxis(pixels.reshape(height, width, -1), -1, 0)
    else:
        return None
    low = pixels.min(axis=(1, 2), keepdims=True)
    span = pixels.max(axis=(1, 2), keepdims=True) - low
    return ((pixels - low) / np.where(span > 0, span, 1))[..., None]
