"""Example inputs from shapes, and the shapes of inputs."""

import keras
import numpy as np


def is_shape(value):
    """Whether `value` is a shape: a flat tuple or list of integers or Nones.

    >>> is_shape((2, None)), is_shape([(2, 3), (2, 4)])
    (True, False)
    """
    return isinstance(value, (tuple, list)) and all(
        item is None or isinstance(item, int) for item in value
    )


def flat_shapes(nest):
    """The shapes in a nest of shapes, as tuples, dictionaries by key.

    >>> flat_shapes({"b": (2, 3), "a": [2, 4]})
    [(2, 4), (2, 3)]
    """
    if is_shape(nest):
        return [tuple(nest)]
    if isinstance(nest, dict):
        nest = [nest[key] for key in sorted(nest)]
    return [shape for item in nest for shape in flat_shapes(item)]


def make_inputs(spec, seed=0):
    """Arrays for a nest of shapes; arrays and tensors are kept as they are.

    Args:
        spec: a shape with the batch axis first, an array, or a list, tuple or
            dictionary of those.
        seed: int. Of the standard normal values.

    >>> make_inputs({"x": (2, 3), "ids": np.array([1, 2])})["x"].shape
    (2, 3)
    """
    if is_shape(spec):
        generator = np.random.default_rng([seed, len(spec), *spec])
        return generator.normal(size=spec).astype("float32")
    if isinstance(spec, dict):
        return {k: make_inputs(v, seed) for k, v in spec.items()}
    if isinstance(spec, (tuple, list)):
        return type(spec)(make_inputs(v, seed + i) for i, v in enumerate(spec))
    return keras.ops.convert_to_numpy(spec)


def shapes_of(inputs, batch=True):
    """The nest of shapes of `inputs`; `batch=False` hides the leading axis."""
    return map_arrays(
        lambda x: tuple(x.shape) if batch else (None, *x.shape[1:]), inputs
    )


def one_more(inputs):
    """`inputs` with the first example of the batch repeated at the end."""
    return map_arrays(lambda x: np.concatenate([x, x[:1]]), inputs)


def odd(inputs):
    """`inputs`, with one more example where their number is even."""
    even = keras.tree.flatten(inputs)[0].shape[0] % 2 == 0
    return one_more(inputs) if even else inputs


def rows(inputs, start, stop):
    """The examples `start` to `stop` of a batch."""
    return map_arrays(lambda x: x[start:stop], inputs)


def keras_inputs(inputs, batch=True):
    """Symbolic inputs like `inputs`; `batch=False` fixes every axis."""

    def symbolic(x):
        shape = (None, *x.shape[1:]) if batch else x.shape
        return keras.Input(batch_shape=shape, dtype=str(x.dtype))

    return map_arrays(symbolic, inputs)


def cast(inputs, dtype):
    """`inputs` with every floating-point array in another precision."""

    def one(x):
        if not keras.backend.is_float_dtype(str(x.dtype)):
            return x
        return keras.ops.cast(x, dtype)

    return map_arrays(one, inputs)


def map_arrays(function, nest):
    """`function` of every array in a nest of lists, tuples, dictionaries."""
    if isinstance(nest, dict):
        return {k: map_arrays(function, v) for k, v in nest.items()}
    if isinstance(nest, (tuple, list)):
        return type(nest)(map_arrays(function, v) for v in nest)
    return function(nest)
