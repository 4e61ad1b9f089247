"""Where a transformer's features have positions."""

import keras
from keras import ops

from keras_nn.explain import graphs
from keras_nn.explain.find_last_convolution import find_last_convolution
from keras_nn.explain.find_last_convolution import is_convolutional
from keras_nn.layers.transformer.image_self_attention import ImageSelfAttention
from keras_nn.layers.transformer.tokens_to_map import TokensToMap

ATTENTIONS = (
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
    keras.layers.Attention,
    ImageSelfAttention,
)


def last_map(model):
    """Where class activation maps look, and a model in which that is a layer.

    It is the last convolution; but where attention follows it, as in vision
    transformers, the map that the last attention makes, or, where it works on
    a list of tokens, these tokens as it reads them, at their places in the
    picture. (What it makes of them no longer matters to a class token.)

    Args:
        model: Functional `keras.Model`.

    Returns:
        `(model, layer)`: the model itself, or an equal one with a layer that
        lays its tokens out.

    Raises:
        ValueError: If there is no such place.

    Example:

    >>> from keras_nn.models import VisionTransformer
    >>> from keras_nn.explain import FunctionalView
    >>> model = VisionTransformer(
    ...     input_shape=(8, 8, 3), patch_size=4, hidden_dim=8, num_layers=2,
    ...     num_heads=2, classes=3,
    ... )
    >>> last_map(FunctionalView(model).model)[1].output.shape
    (None, 2, 2, 8)
    """
    attentive = [layer for layer in model.layers if _is_attentive(layer)]
    if not attentive:
        return model, find_last_convolution(model)
    last = attentive[-1]
    later = model.layers[model.layers.index(last) + 1 :]
    if any(is_convolutional(layer) for layer in later):
        return model, find_last_convolution(model)
    if len(last.output.shape) == 4:
        return model, last
    grid = patch_grid(model)
    tokens = keras.tree.flatten(last.input)[0].shape[1]
    if grid is None or tokens is None or tokens < grid[0] * grid[1]:
        return model, find_last_convolution(model)
    return _with_map(model, last, grid, tokens - grid[0] * grid[1])


def patch_grid(model):
    """How a model's tokens lie in the picture: `(rows, columns)`, or None.

    It is the size of the last map of a convolution.

    Args:
        model: Functional `keras.Model`.
    """
    maps = [
        layer.output.shape
        for layer in model.layers
        if is_convolutional(layer) and len(layer.output.shape) == 4
    ]
    if not maps or None in maps[-1][1:3]:
        return None
    return tuple(maps[-1][1:3])


def _with_map(model, layer, grid, prefix):
    to_map = TokensToMap(*grid, prefix, dtype="float32", name="tokens_as_map")

    def call(operation, *args, **kwargs):
        if operation is not layer:
            return operation(*args, **kwargs)
        tokens = keras.tree.flatten(args)[0]
        patches = to_map(tokens)
        shape = (-1, grid[0] * grid[1], tokens.shape[-1])
        patches = ops.reshape(patches, shape)
        laid_out = ops.concatenate([tokens[:, :prefix], patches], axis=1)
        args, kwargs = keras.tree.map_structure(
            lambda x: laid_out if x is tokens else x, (args, kwargs)
        )
        return operation(*args, **kwargs)

    inputs = [
        keras.Input(batch_shape=t.shape, dtype=t.dtype) for t in model.inputs
    ]
    outputs = graphs.run(model, inputs, call)
    return type(model)(inputs, outputs, name=model.name), to_map


def _is_attentive(layer):
    return isinstance(layer, ATTENTIONS) or any(
        isinstance(inner, ATTENTIONS) for inner in graphs.sublayers(layer)
    )
