"""Frozen means frozen inside, too."""


def freeze(layer):
    """Makes a layer, and all that it holds, untrainable.

    `layer.trainable = False` does nothing where the layer says False already:
    TensorFlow skips an assignment that changes nothing. A frozen layer that
    was saved and loaded says so, while layers that it made in its constructor
    say True, and would be trained.

    Args:
        layer: `keras.Layer` or model.

    Example:

    >>> import keras
    >>> class Pair(keras.layers.Layer):
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         self.inner = keras.layers.Dense(2)
    >>> loaded = Pair(trainable=False)
    >>> loaded.inner.trainable
    True
    >>> freeze(loaded)
    >>> loaded.inner.trainable
    False
    """
    layer.trainable = True
    layer.trainable = False


def settle_frozen(model):
    """Freezes the inside of every layer of a model that says it is frozen.

    A layer that is frozen, and of which all that it holds is not, is one that
    was loaded, see `freeze`: Keras freezes both together. Who frees a part of
    a frozen layer leaves the rest frozen. Called before anything is trained.

    Args:
        model: `keras.Model`.
    """
    if not model.trainable:
        return
    for layer in model._flatten_layers(include_self=False):
        inside = layer._flatten_layers(include_self=False)
        held = [one.trainable for one in inside if one.weights]
        if not layer.trainable and held and all(held):
            freeze(layer)
