import keras

from keras_nn.explain import graphs

_CONVOLUTIONS = (
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
    keras.layers.DepthwiseConv1D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv1D,
    keras.layers.SeparableConv2D,
)


def find_last_convolution(model):
    """The convolution nearest to the outputs of a Functional model.

    Its output is where class activation maps look: the last place where
    features still have positions.

    Args:
        model: Functional `keras.Model`, such as `FunctionalView.model`.

    Returns:
        The `keras.layers.Layer`: a convolution, or a layer that holds one.

    Raises:
        ValueError: If there is none whose output has positions and channels.

    Example:

    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 1)),
    ...     keras.layers.Conv2D(4, 3, name="first"),
    ...     keras.layers.Conv2D(4, 3, name="second"),
    ...     keras.layers.Flatten(),
    ... ])
    >>> find_last_convolution(model).name
    'second'
    """
    for layer in reversed(model.layers):
        if is_convolutional(layer) and _keeps_positions(layer, model):
            return layer
    kinds = sorted({type(layer).__name__ for layer in model.layers})
    raise ValueError(
        "class activation maps need a convolution, and the model has none; "
        "methods 'saliency' and 'smoothgrad' do without. "
        f"Received: layers of the kinds {kinds}"
    )


def _keeps_positions(layer, model):
    rank = len(layer.output.shape)
    if isinstance(layer, _CONVOLUTIONS):
        return rank > 2
    # What holds a convolution may make a list of tokens of its picture.
    return rank > 2 and rank in {len(t.shape) for t in model.inputs}


def is_convolutional(layer):
    """Whether a layer is a convolution or holds one."""
    return isinstance(layer, _CONVOLUTIONS) or any(
        isinstance(inner, _CONVOLUTIONS) for inner in graphs.sublayers(layer)
    )
