"""What is wrong with the data is said before it is trained on.

Arrays are looked at once, before training. A `tf.data.Dataset` is looked at
batch by batch on its way to the model: in the input pipeline, so that the
check also holds where XLA drops assertions and clamps indices silently.
"""

import contextlib
import dataclasses
import re

import keras
import numpy as np
import tensorflow as tf

from keras_nn.training import cluster

_MARK = "keras_nn guard: "


@dataclasses.dataclass(frozen=True)
class Range:
    """The values that a tensor of the batch may take.

    Args:
        low: number. Smallest allowed value.
        high: number. Largest allowed value.
        name: str. What the values are, e.g. `"labels"`.
        because: str. Where the range comes from.
        also: number or None. One more allowed value (an ignored class).
    """

    low: float
    high: float
    name: str
    because: str
    also: float | None = None

    def explain(self):
        text = f"{self.name} must lie in [{self.low}, {self.high}]"
        if self.also is not None:
            text += f" or equal {self.also}"
        return f"{text}, because {self.because}"


def expected_ranges(model, batch_spec):
    """A list of `Range` or None, one for each tensor of a batch.

    Args:
        model: a `keras_nn.training.Model`.
        batch_spec: `(x,)`, `(x, y)` or `(x, y, sample_weight)`, nested as
            the batches are.
    """
    x, y, weight = keras.utils.unpack_x_y_sample_weight(batch_spec)
    leaves = [keras.tree.flatten(part) for part in (x, y, weight)]
    ranges = _input_ranges(model, len(leaves[0]))
    ranges += _label_ranges(model, x, len(leaves[1]))
    ranges += [None] * len(leaves[2])
    kept = [leaf for part in leaves for leaf in part]
    return [r for r, leaf in zip(ranges, kept, strict=True) if leaf is not None]


def _input_ranges(model, count):
    """Ids must lie inside the table of the `Embedding` that reads them."""
    inputs = keras.tree.flatten(getattr(model, "inputs", None) or [])
    if len(inputs) != count:
        return [None] * count
    ranges = [None] * count
    for layer in model.layers:
        if not isinstance(layer, keras.layers.Embedding):
            continue
        for node in layer._inbound_nodes:
            for position, tensor in enumerate(inputs):
                if any(tensor is _origin(r) for r in node.input_tensors):
                    ranges[position] = Range(
                        0,
                        layer.input_dim - 1,
                        f"ids of input {position}",
                        f"the embedding {layer.name} has "
                        f"input_dim={layer.input_dim}",
                    )
    return ranges


def _origin(tensor):
    """The tensor whose values this one has, seen through casts."""
    while True:
        operation, node, _ = tensor._keras_history
        if type(operation).__name__ not in ("Cast", "ConvertToTensor"):
            return tensor
        (tensor,) = operation._inbound_nodes[node].input_tensors


def _label_ranges(model, x, count):
    """Class labels must name an output of the model."""
    losses = keras.tree.flatten(model.loss)
    if len(losses) == 1:
        losses = losses * count
    if len(losses) != count or not any(map(_has_range, losses)):
        return [None] * count
    outputs = _output_shapes(model, x)
    if len(outputs) != count:
        return [None] * count
    return [
        _label_range(loss, shape)
        for loss, shape in zip(losses, outputs, strict=True)
    ]


def _output_shapes(model, x):
    outputs = getattr(model, "outputs", None)
    if outputs is None and not model.run_eagerly:
        # A model that is no graph is asked symbolically, which builds it.
        spec = keras.tree.map_structure(_symbolic, x)
        with model.distribute_strategy.scope():
            outputs = keras.tree.flatten(model(spec))
    return [tuple(output.shape) for output in keras.tree.flatten(outputs or ())]


def _symbolic(value):
    if value is None:
        return None
    shape = (None, *value.shape[1:])
    return keras.KerasTensor(
        shape, keras.backend.standardize_dtype(value.dtype)
    )


def _has_range(loss):
    # What a loss says of its labels depends on the model's outputs.
    return loss is not None and _label_range(loss, (None, 1)) is not None


def _label_range(loss, output_shape):
    if loss is None:
        return None
    loss = keras.losses.get(loss)
    if hasattr(loss, "label_range"):  # a loss of ours knows its labels
        low, high = loss.label_range(output_shape)
        ignored = getattr(loss, "ignore_class", None)
        because = f"of the loss {loss.name}"
        return Range(low, high, "labels", because, also=ignored)
    if _is(loss, "SparseCategoricalCrossentropy"):
        classes = output_shape[-1]
        ignored = getattr(loss, "ignore_class", None)
        return Range(
            0,
            classes - 1,
            "labels",
            f"the model has {classes} outputs",
            also=ignored,
        )
    if _is(loss, "BinaryCrossentropy"):
        return Range(0, 1, "labels", "the loss is a binary cross-entropy")
    return None


def _is(loss, name):
    function = "_".join(re.findall("[A-Z][a-z]+", name)).lower()
    return isinstance(loss, getattr(keras.losses, name)) or loss is getattr(
        keras.losses, function
    )


def check_arrays(arrays, ranges, names=None):
    """Raises ValueError for the first array with a value that cannot be.

    Args:
        arrays: list of NumPy arrays, one for each tensor of a batch.
        ranges: list of `Range` or None of the same length.
    """
    for array, allowed in zip(arrays, ranges, strict=True):
        if not isinstance(array, np.ndarray) or not array.size:
            continue
        if np.issubdtype(array.dtype, np.floating):
            bad = ~np.isfinite(array)
            if bad.any():
                index = int(np.argwhere(bad)[0][0])
                raise ValueError(
                    "data must be finite. Received: "
                    f"{array[bad].flat[0]} in example {index} "
                    f"({int(bad.sum())} such values in all)"
                )
        if allowed is None or array.dtype.kind not in "iufb":
            continue
        bad = (array < allowed.low) | (array > allowed.high)
        if allowed.also is not None:
            bad &= array != allowed.also
        if bad.any():
            index = int(np.argwhere(bad)[0][0])
            raise ValueError(
                f"{allowed.explain()}. Received: {array[bad].flat[0]} in "
                f"example {index} ({int(bad.sum())} such values in all)"
            )


def guard_dataset(dataset, ranges):
    """`dataset` with an assertion on every batch; see `translated_errors`."""

    def check(index, batch):
        leaves = [
            leaf
            for leaf in tf.nest.flatten(batch)
            if isinstance(leaf, tf.Tensor)
        ]
        allowed = ranges if len(ranges) == len(leaves) else [None] * len(leaves)
        assertions = []
        for leaf, one in zip(leaves, allowed, strict=True):
            assertions += _assert_leaf(leaf, one, index)
        with tf.control_dependencies(assertions):
            return tf.nest.map_structure(tf.identity, batch)

    return dataset.enumerate().map(check)


def _assert_leaf(leaf, allowed, index):
    where = [". Received in batch ", tf.strings.as_string(index), ": "]
    assertions = []
    if leaf.dtype.is_floating:
        bad = ~tf.math.is_finite(leaf)
        text = [_MARK, "data must be finite", *where, "NaN or infinity"]
        assertions.append(_assert_none(bad, text))
    if allowed is not None and (
        leaf.dtype.is_floating or leaf.dtype.is_integer
    ):
        low, high = (
            tf.cast(v, leaf.dtype) for v in (allowed.low, allowed.high)
        )
        bad = (leaf < low) | (leaf > high)
        if allowed.also is not None:
            bad &= leaf != tf.cast(allowed.also, leaf.dtype)
        first = tf.boolean_mask(leaf, bad)[:1]
        value = tf.strings.reduce_join(tf.strings.as_string(first))
        text = [_MARK, allowed.explain(), *where, value]
        assertions.append(_assert_none(bad, text))
    return assertions


def _assert_none(bad, text):
    message = tf.strings.join([*text, "\n"])
    return tf.debugging.Assert(~tf.reduce_any(bad), [message], summarize=1)


@contextlib.contextmanager
def translated_errors():
    """Turns the error of a failed guard into a short ValueError.

    And that of a worker that is gone into a `WorkerLost`.
    """
    try:
        with cluster.losses_explained():
            yield
    except tf.errors.InvalidArgumentError as error:
        found = re.search(f"{_MARK}(.*?)(\\\\n|\n|$)", str(error.message))
        if found is None:
            raise
        raise ValueError(found.group(1)) from None
