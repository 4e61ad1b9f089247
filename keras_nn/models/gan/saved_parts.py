"""Models that are made of models, in a config."""

import keras


def serialized(model, names):
    """The attributes of these names as a config holds them: a dict."""
    return {
        name: keras.saving.serialize_keras_object(getattr(model, name))
        for name in names
    }


def deserialized(config, names):
    """A config with the objects of these names: a dict."""
    made = {
        name: keras.saving.deserialize_keras_object(config[name])
        for name in names
        if name in config
    }
    return {**config, **made}
