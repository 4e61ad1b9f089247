import keras


def activation_config(activation):
    """What `get_config` stores for an activation argument."""
    if activation is None or isinstance(activation, str):
        return activation
    return keras.activations.serialize(keras.activations.get(activation))
