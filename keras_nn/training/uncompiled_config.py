"""The config of a model that is part of another."""

import keras


def uncompiled_config(model):
    """What `get_config` stores of a model that is trained as a part.

    How the part was compiled stands beside the config of the whole, or
    nowhere, if it is not trained.

    Args:
        model: `keras.Model` or None.

    Returns:
        A dict for `keras.saving.deserialize_keras_object`; or None.

    Example:

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> "compile_config" in uncompiled_config(model)
    False
    """
    config = keras.saving.serialize_keras_object(model)
    if config is not None:
        config.pop("compile_config", None)
    return config
