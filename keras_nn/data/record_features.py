"""How an example becomes the bytes of a record, and back.

A record is a `tf.train.Example`, so every reader of TFRecords reads it: a
picture is the bytes of its file, a whole number an int64, any other array its
raw bytes, little-endian, row by row.
"""

from collections.abc import Mapping

import numpy as np

TARGET = "y"
PICTURE = {"kind": "picture"}


def feature_spec(value):
    """What a feature is, as the index says it: a dict.

    >>> feature_spec(np.zeros((2, 3), "float32"))
    {'kind': 'array', 'dtype': 'float32', 'shape': [2, 3]}
    >>> feature_spec(b"content of a file")
    {'kind': 'picture'}
    """
    if isinstance(value, bytes):
        return PICTURE
    value = np.asarray(value)
    if value.dtype.kind not in "biuf":
        raise ValueError(
            "A feature must be an array of numbers, or the bytes of a picture "
            f"file. Received: dtype {value.dtype}"
        )
    return {
        "kind": "array",
        "dtype": value.dtype.name,
        "shape": list(value.shape),
    }


def input_spec(x):
    """The spec of an input, or a dict of specs for a dict of inputs."""
    if not isinstance(x, Mapping):
        return feature_spec(x)
    if TARGET in x or not x or not all(isinstance(name, str) for name in x):
        raise ValueError(
            f"A dict of inputs must have names other than {TARGET!r}, which "
            f"is the target. Received: {list(x)}"
        )
    return {name: feature_spec(value) for name, value in x.items()}


def by_name(x):
    """An input, or its spec, as a dict; a single one is named `x`."""
    if isinstance(x, Mapping) and not isinstance(x.get("kind"), str):
        return x
    return {"x": x}


def encode(x, y):
    """The bytes of a record."""
    import tensorflow as tf

    values = {**by_name(x), TARGET: y}
    features = tf.train.Features(
        feature={name: _feature(value) for name, value in values.items()}
    )
    # The order of the features is that of their names: the same example
    # always gives the same bytes.
    example = tf.train.Example(features=features)
    return example.SerializeToString(deterministic=True)


def decoder(specs):
    """A function from the bytes of a record to its values.

    Args:
        specs: dict of name to spec, the features that are wanted.

    Returns:
        A callable that returns a dict of arrays, and of bytes of pictures.
    """
    import tensorflow as tf

    # Looked up once: a record is a matter of microseconds.
    parse = tf.train.Example.FromString
    readers = {name: _reader(spec) for name, spec in specs.items()}

    def decode(payload):
        features = parse(payload).features.feature
        return {name: read(features[name]) for name, read in readers.items()}

    return decode


def parse(payloads, specs):
    """What `decoder` does, of many records of arrays at once, in TensorFlow.

    Args:
        payloads: string tensor of shape `(n,)`.
        specs: dict of name to spec.

    Returns:
        A dict of tensors of shape `(n, ...)`.
    """
    import tensorflow as tf

    layouts = {
        name: (np.dtype(spec["dtype"]), tuple(spec["shape"]))
        for name, spec in specs.items()
    }
    fields = {
        name: tf.io.FixedLenFeature(
            [], tf.int64 if _is_whole_number(*layout) else tf.string
        )
        for name, layout in layouts.items()
    }
    values = tf.io.parse_example(payloads, fields)
    tensors = {}
    for name, (dtype, shape) in layouts.items():
        tensors[name] = _tensor(values[name], dtype, shape)
        tensors[name].set_shape((payloads.shape[0], *shape))
    return tensors


def _feature(value):
    from tensorflow import train

    if isinstance(value, bytes):
        return train.Feature(bytes_list=train.BytesList(value=[value]))
    value = np.asarray(value)
    if _is_whole_number(value.dtype, value.shape):
        return train.Feature(int64_list=train.Int64List(value=[int(value)]))
    raw = value.astype(value.dtype.newbyteorder("<")).tobytes()
    return train.Feature(bytes_list=train.BytesList(value=[raw]))


def _reader(spec):
    """A function from a `tf.train.Feature` to its value."""
    if spec["kind"] == "picture":
        return lambda feature: feature.bytes_list.value[0]
    dtype, shape = np.dtype(spec["dtype"]), tuple(spec["shape"])
    if _is_whole_number(dtype, shape):
        return lambda feature: np.asarray(feature.int64_list.value[0], dtype)
    stored = dtype.newbyteorder("<")

    def read(feature):
        raw = np.frombuffer(feature.bytes_list.value[0], stored)
        return raw.astype(dtype, copy=False).reshape(shape)

    return read


def _tensor(values, dtype, shape):
    """What was read of an array feature, as a tensor `(n, *shape)`."""
    import tensorflow as tf

    if values.dtype == tf.string:
        values = tf.io.decode_raw(values, tf.uint8)
        item = (dtype.itemsize,) if dtype.itemsize > 1 else ()
        values = tf.reshape(values, (tf.shape(values)[0], *shape, *item))
        if dtype.kind != "b":
            return tf.bitcast(values, dtype)
    return tf.cast(values, dtype)


def _is_whole_number(dtype, shape):
    return not len(shape) and np.can_cast(dtype, np.int64)
