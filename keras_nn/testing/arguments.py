"""Promises of a constructor: registered, stored, in the config, unchanged."""

import inspect
import json

import keras
import numpy as np


def check_registered(cls, package):
    """Asserts that files find `cls` as `package>Name`."""
    name = keras.saving.get_registered_name(cls)
    expected = f"{package}>{cls.__name__}"
    assert name == expected, (
        f"register {cls.__name__} with @keras.saving."
        f"register_keras_serializable(package={package!r}). Received: {name}"
    )
    found = keras.saving.get_registered_object(name)
    assert found is cls, f"another class is registered as {name}: {found}"


def check_arguments(cls, instance, given, package="keras_nn"):
    """Asserts that every constructor argument is kept and in the config.

    Args:
        cls: the class.
        instance: what `cls(**given)` made, before it is built.
        given: dict. The constructor arguments.
        package: str or None. Where `cls` is registered. None stands for a
            class of Keras, which may leave out of its config what is None.

    Returns:
        The config as text: compare it later with `config_text(instance)`.
    """
    if package is not None:
        check_registered(cls, package)
    config = instance.get_config()
    for name, parameter in _own_parameters(cls).items():
        default = parameter.default
        assert not (
            isinstance(default, keras.initializers.Initializer)
            and "seed" in default.get_config()
            and default.get_config()["seed"] is None
        ), (
            f"the default of `{name}` is one unseeded initializer instance, "
            "which gives same-shaped weights identical values: write its name"
        )
        # Keras leaves some options out of the config while they are None.
        left_out = package is None and getattr(instance, name, 0) is None
        assert left_out or name in config, f"`{name}` is not in get_config()"
        assert hasattr(instance, name), (
            f"`{name}` is not stored under its own name"
        )
    for name, value in given.items():
        assert name in config, f"`{name}` is not in get_config()"
        _assert_kept(name, value, config[name], "get_config()")
        if name != "dtype":
            _assert_kept(name, value, getattr(instance, name), "the attribute")

    text = config_text(instance)
    clone = cls.from_config(config)
    assert type(clone) is type(instance), (
        f"from_config() made a {type(clone).__name__}"
    )
    _assert_same_text(text, config_text(clone), "from_config(get_config())")
    restored = keras.saving.deserialize_keras_object(
        json.loads(json.dumps(keras.saving.serialize_keras_object(instance)))
    )
    _assert_same_text(text, config_text(restored), "a round trip through JSON")
    return text


def check_config_unchanged(instance, text):
    """Asserts that nothing has rewritten an argument since `text` was taken."""
    now = config_text(instance)
    assert now == text, (
        "build() or call() rewrote an argument. "
        f"Before: {text}. Received: {now}"
    )


def config_text(instance):
    """The config of `instance` as sorted JSON."""
    config = keras.saving.serialize_keras_object(instance.get_config())
    return json.dumps(config, sort_keys=True)


def _own_parameters(cls):
    parameters = inspect.signature(cls.__init__).parameters
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    # Keras keeps `activity_regularizer` itself, in the config where it is set.
    return {
        name: parameter
        for name, parameter in list(parameters.items())[1:]
        if parameter.kind not in kinds and name != "activity_regularizer"
    }


def _assert_kept(name, given, received, where):
    # Keras turns strings into objects and 3 into (3, 3); plain numbers that
    # stay plain numbers must stay the same ones.
    plain = (bool, int, float, np.number)
    if isinstance(given, plain) and isinstance(received, plain):
        assert given == received, (
            f"{where} does not hold `{name}` as it was given ({given!r}). "
            f"Received: {received!r}"
        )


def _assert_same_text(before, after, what):
    assert before == after, (
        f"{what} changed the config. Before: {before}. Received: {after}"
    )
