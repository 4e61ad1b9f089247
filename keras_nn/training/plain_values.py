"""Nests of Python values and arrays as JSON, the arrays beside it."""

import numpy as np

_KEY = "__keras_nn__"


class NotPlain(TypeError):
    """A value that is neither of JSON nor of NumPy."""


def encode(value, name, arrays):
    """`value` as JSON can hold it.

    Args:
        value: None, bool, int, float, str, NumPy scalars and arrays, and
            lists, tuples and dicts of these.
        name: str. Where the arrays in it are called by.
        arrays: dict that receives them.

    Raises:
        NotPlain: for anything else.

    Example:

    >>> arrays = {}
    >>> encode({"a": (1, np.ones(2))}, "x", arrays)["a"]["items"][0]
    1
    >>> decode(encode((1, 2.5), "x", {}), {})
    (1, 2.5)
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.hasobject or value.dtype.fields:
            raise NotPlain(
                f"{name} must hold plain numbers or strings. Received: array "
                f"of {value.dtype}"
            )
        arrays[name] = np.asarray(value)
        kind = "array" if isinstance(value, np.ndarray) else "scalar"
        return {_KEY: kind, "name": name}
    if type(value) in (list, tuple):
        items = [encode(v, f"{name}/{i}", arrays) for i, v in enumerate(value)]
        return items if type(value) is list else {_KEY: "tuple", "items": items}
    if isinstance(value, dict):
        pairs = [
            [encode(k, f"{name}/key", {}), encode(v, f"{name}/{k}", arrays)]
            for k, v in value.items()
        ]
        if all(type(k) is str for k in value) and _KEY not in value:
            return dict(pairs)
        return {_KEY: "dict", "pairs": pairs}
    raise NotPlain(
        f"{name} must be made of JSON values and NumPy arrays. Received: "
        f"{type(value).__name__}"
    )


def decode(value, arrays):
    """What `encode` was given."""
    if isinstance(value, list):
        return [decode(v, arrays) for v in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(_KEY)
    if kind is None:
        return {k: decode(v, arrays) for k, v in value.items()}
    if kind == "tuple":
        return tuple(decode(value["items"], arrays))
    if kind == "dict":
        return {decode(k, arrays): decode(v, arrays) for k, v in value["pairs"]}
    array = arrays[value["name"]]
    return array if kind == "array" else array[()]
