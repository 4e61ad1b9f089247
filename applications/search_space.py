"""What a search varies: the settings, and their values."""

import dataclasses

from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest

FIT = {"epochs": 1, "batch_size": 1}  # an int setting by the type of its value


@dataclasses.dataclass(frozen=True)
class Choice:
    """Some values to choose from: str, int, float or bool.

    Args:
        values: list, of one type.
    """

    values: tuple

    def declare(self, space, name):
        """Enters it into a `keras_tuner.HyperParameters`."""
        space.Choice(name, list(self.values))


@dataclasses.dataclass(frozen=True)
class Range:
    """All numbers between two, both included; whole ones between whole ones.

    Args:
        low: int or float.
        high: of the same type, greater than `low`.
        log: bool. Whether every factor is as likely, in place of every step.
    """

    low: float
    high: float
    log: bool = False

    def declare(self, space, name):
        """Enters it into a `keras_tuner.HyperParameters`."""
        kind = space.Int if isinstance(self.low, int) else space.Float
        kind(name, self.low, self.high, sampling="log" if self.log else None)


def search_space(cls, choices, ranges):
    """What to vary, from text as the command line gives it.

    Args:
        cls: application class, which says what its settings are.
        choices: dict of a setting's name to a list of values, or to text,
            `"a,b,c"`. `epochs` and `batch_size` count as settings.
        ranges: dict of a setting's name to `(low, high)` or
            `(low, high, "log")`, or to text, `"low:high"` or
            `"low:high:log"`.

    Returns:
        A dict of name to `Choice` or `Range`.

    Raises:
        UnknownChoice: if there is no such setting or no such value.
        WrongRequest: if a value or a range cannot be.

    Example:

    >>> from keras_nn.applications import ImageClassifier
    >>> search_space(
    ...     ImageClassifier,
    ...     {"optimizer": "adam,sgd"},
    ...     {"learning_rate": "1e-4:1e-1:log"},
    ... )  # doctest: +NORMALIZE_WHITESPACE
    {'optimizer': Choice(values=('adam', 'sgd')),
     'learning_rate': Range(low=0.0001, high=0.1, log=True)}
    """
    if both := sorted(set(choices) & set(ranges)):
        raise WrongRequest(
            "A setting has values to choose from or a range, not both. "
            f"Received: both for {', '.join(both)}"
        )
    space = {name: _choice(cls, name, v) for name, v in choices.items()}
    space |= {name: _range(cls, name, v) for name, v in ranges.items()}
    if not space:
        raise WrongRequest(
            "A search needs a setting to vary: `--choose key=a,b,c` or "
            "`--range key=low:high[:log]`. Received: none"
        )
    return space


def _value(cls, name, value):
    """One value of a setting in the setting's type, if it can be."""
    defaults = {**cls.default_settings(), **FIT}
    value = resolve_settings(defaults, cls.setting_choices(), {name: value})
    if not isinstance(value[name], bool | int | float | str) or (
        name in FIT and value[name] < 1
    ):
        raise WrongRequest(
            "A search varies text, truth values and numbers, `epochs` and "
            f"`batch_size` from 1. Received: {name}={value[name]!r}"
        )
    return value[name]


def _choice(cls, name, values):
    if isinstance(values, str):
        values = [value.strip() for value in values.split(",")]
    values = tuple(_value(cls, name, value) for value in values)
    if len(values) != len(set(values)) or len(set(map(type, values))) != 1:
        raise WrongRequest(
            "Values to choose from must differ and be of one type. Received: "
            f"{name}={list(values)}"
        )
    return Choice(values)


def _range(cls, name, edges):
    edges = edges.split(":") if isinstance(edges, str) else list(edges)
    log = edges[2:] == ["log"]
    if len(edges) != 2 + log:
        raise WrongRequest(
            "A range is low:high or low:high:log. Received: "
            f"{name}={':'.join(map(str, edges))}"
        )
    low, high = (_value(cls, name, edge) for edge in edges[:2])
    numbers = all(type(edge) in (int, float) for edge in (low, high))
    if not numbers or type(low) is not type(high) or not low < high:
        raise WrongRequest(
            "A range goes from a number to a greater one of the same type. "
            f"Received: {name}={low!r}:{high!r}"
        )
    if log and low <= 0:
        raise WrongRequest(
            "A range by factors begins above 0. "
            f"Received: {name}={low!r}:{high!r}:log"
        )
    return Range(low, high, log)
