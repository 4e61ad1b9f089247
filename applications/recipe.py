import ast
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType

from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest


@dataclass(frozen=True)
class Expectation:
    """What a recipe should reach, and what was published for it.

    Args:
        metric: str. Name of a test metric, such as `"accuracy"`.
        value: float or None. What a run of ours reaches at least (of a loss or
            an error: at most); None when it has not been measured.
        minutes: float or None. Minutes of training on two CPU cores; None
            when it has not been measured.
        published: float or None. The published value of the same metric.
        source: str. Where it was published.
        validated: bool. Whether `fit` logs the metric for validation data,
            too, so that `keras-nn tune` can go by it. Defaults to True.

    Example:

    >>> Expectation("accuracy", 0.975, minutes=1.0).value
    0.975"""

    metric: str
    value: float | None = None
    minutes: float | None = None
    published: float | None = None
    source: str = ""
    validated: bool = True


@dataclass(frozen=True)
class Recipe:
    """A named, complete training run of an application.

    Args:
        name: str. What the command line calls it.
        summary: str. One sentence: data, network, optimiser.
        data: str or None. A name of `keras_nn.data.names()`; None when the
            user brings the data.
        network: callable or None. What the application trains; its
            arguments are the application's own protocol.
        settings: mapping. Settings that differ from the application's
            `default_settings()`.
        fit: mapping. `epochs` and `batch_size`.
        expectation: `Expectation`.

    Example:

    >>> recipe = Recipe("iris", "Iris flowers.", data="iris")
    >>> recipe.fit["epochs"], recipe.fit["batch_size"]
    (10, 32)
    """

    name: str
    summary: str
    data: str | None = None
    network: object = None
    settings: Mapping = field(default_factory=dict)
    fit: Mapping = field(default_factory=dict)
    expectation: Expectation | None = None

    def __post_init__(self):
        fit = {"epochs": 10, "batch_size": 32, **self.fit}
        if unknown := set(fit) - {"epochs", "batch_size"}:
            raise ValueError(
                "`fit` takes `epochs` and `batch_size`. "
                f"Received also: {sorted(unknown)}"
            )
        for name, value in fit.items():
            check_count(name, value)
        object.__setattr__(self, "fit", MappingProxyType(fit))
        object.__setattr__(
            self, "settings", MappingProxyType(dict(self.settings))
        )


def check_count(name, value):
    """Raise unless `value` is a positive whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(
            f"`{name}` must be a positive integer. Received: {name}={value!r}"
        )


def resolve_settings(defaults, choices, *overrides):
    """Lay settings over defaults, checking every name and value.

    Args:
        defaults: dict. Every setting and its default; the default's type is
            the setting's type. A default of None takes any Python literal.
        choices: dict. The values on offer, for settings that have such.
        overrides: mappings laid over the defaults one after the other.
            Values may be strings, as the command line gives them.

    Returns:
        A dict with the keys of `defaults`.

    Raises:
        UnknownChoice: for a name or a value that is not on offer.

    Example:

    >>> resolve_settings({"dropout": 0.0}, {}, {"dropout": "0.5"})
    {'dropout': 0.5}
    """
    settings = dict(defaults)
    for override in overrides:
        for name, value in override.items():
            if name not in defaults:
                raise UnknownChoice("setting", name, sorted(defaults))
            value = _convert(name, value, defaults[name])
            if name in choices and value not in choices[name]:
                raise UnknownChoice(
                    f"value of setting `{name}`", value, choices[name]
                )
            settings[name] = value
    return settings


def _convert(name, value, default):
    if default is None:
        return _literal(value)
    kind = type(default)
    if kind is bool and isinstance(value, str):
        value = {"true": True, "false": False}.get(value.lower(), value)
    elif kind is float and isinstance(value, int | str):
        value = _number(float, value)
    elif kind is int and isinstance(value, str):
        value = _number(int, value)
    if type(value) is not kind:
        raise WrongRequest(
            f"Setting `{name}` takes a value of type {kind.__name__}, such "
            f"as {default!r}. Received: {value!r}"
        )
    return value


def _number(kind, text):
    try:
        return kind(text)
    except ValueError:
        return text


def _literal(text):
    try:
        return ast.literal_eval(text) if isinstance(text, str) else text
    except (ValueError, SyntaxError):
        return text
