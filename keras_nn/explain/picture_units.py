import keras
import numpy as np
import tensorflow as tf

from keras_nn.explain.functional_view import FunctionalView
from keras_nn.explain.inner_views import tensor_of
from keras_nn.explain.scores import Scores


class PictureUnits:
    """The units of a model of pictures, and how much pictures excite them.

    `score_u(x) = mean_places a_u(x)`

    Args:
        model: any built `keras.Model` with one input of pictures.
        layer: str or None. Whose channels are the units; None means the
            classes, by their logits. Defaults to None.
        output: str, int or None. Of a model with several outputs.
        size: tuple `(height, width)` or None: that of the model's input.

    Attributes:
        shape: `(height, width, channels)` of the pictures.
        count: int. How many units there are.
        model: `keras.Model` in float32 from pictures to what holds the units.

    Raises:
        ValueError: if the model does not take pictures, or has no such layer.

    Example:

    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, name="conv"),
    ... ])
    >>> units = PictureUnits(model, "conv")
    >>> units.shape, units.count
    ((8, 8, 3), 4)
    """

    def __init__(self, model, layer=None, output=None, size=None):
        view = FunctionalView(model, _example(model, size), linear=True)
        self.shape = _shape(view, size)
        self._places = layer is not None
        if layer is None:
            self._scores = Scores(view, output, 1)
            found = view.outputs[view.output_index(output)]
            self.count = max(found.shape[-1], 2)
        else:
            found = tensor_of(view, layer)
            self.count = found.shape[-1]
        self.model = keras.Model(view.model.inputs, found)

    def chosen(self, units):
        """Units as an int array `(n,)`.

        Args:
            units: int, or list of int.

        Raises:
            ValueError: if there is no such unit.
        """
        units = np.atleast_1d(units)
        valid = units.ndim == 1 and units.size and units.dtype.kind in "iu"
        if not valid or units.min() < 0 or units.max() >= self.count:
            raise ValueError(
                f"`units` must be ints from 0 to {self.count - 1}. "
                f"Received: {units.tolist()}"
            )
        return units.astype("int32")

    def score(self, pictures, units):
        """How much each picture excites the unit that is its: tensor `(n,)`.

        Args:
            pictures: float tensor `(n, height, width, channels)`.
            units: int tensor `(n,)`.
        """
        return self.of_outputs(self.model([pictures], training=False), units)

    def of_outputs(self, found, units):
        """The same, of what `model` made of the pictures."""
        if not self._places:
            return self._scores.of_classes(found, units)
        places = tuple(range(1, len(found.shape) - 1))
        found = tf.reduce_mean(found, axis=places) if places else found
        return tf.gather(found, units, axis=1, batch_dims=1)


def _example(model, size):
    """Pictures of zeros, with which a subclassed model is traced."""
    try:
        shape = model.input_shape
    except AttributeError:  # of a subclassed model: what it was called with
        shape = (model.get_build_config() or {}).get("input_shape")
    if not isinstance(shape, tuple) or len(shape) != 4:
        return None
    height, width = size or shape[1:3]
    return np.zeros((1, height or 32, width or 32, shape[3]), "float32")


def _shape(view, size):
    inputs = view.model.inputs
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        raise ValueError(
            "the model must have one input of pictures (batch, height, "
            "width, channels). Received: inputs of shapes "
            f"{[tuple(t.shape) for t in inputs]}"
        )
    _, height, width, channels = inputs[0].shape
    height, width = size or (height, width)
    if height is None or width is None:
        raise ValueError(
            "the model takes pictures of any size: give `size`. "
            f"Received: size={size}"
        )
    return height, width, channels
