import keras
from keras import ops

from keras_nn.ops import segment_aggregate


@keras.saving.register_keras_serializable(package="keras_nn")
class Aggregation(keras.layers.Layer):
    """How a node gathers messages, with something to learn. Abstract.

    An instance stands where operators take an `aggregator`, alone or in a
    list. A subclass defines `call(data, segment_ids, num_segments)`: rows
    `(rows, features)` to `(num_segments, ways * features)`.

    Attributes:
        ways: int. How many times the features come out. Defaults to 1.

    Example:

    >>> class Doubled(Aggregation):
    ...     def call(self, data, segment_ids, num_segments):
    ...         total = segment_aggregate(data, segment_ids, num_segments)
    ...         return 2 * total
    >>> rows, ids = ops.ones((3, 1)), ops.array([0, 0, 1])
    >>> print(ops.convert_to_numpy(Doubled()(rows, ids, num_segments=2))[:, 0])
    [4. 2.]
    """

    ways = 1

    def compute_output_shape(self, data_shape, segment_ids_shape=None):
        return (None, *data_shape[1:-1], self.ways * data_shape[-1])


def get_aggregator(aggregator):
    """An aggregator of its config: a name, a layer, or a list of those."""
    if isinstance(aggregator, dict):
        return keras.saving.deserialize_keras_object(aggregator)
    if isinstance(aggregator, (list, tuple)):
        return [get_aggregator(one) for one in aggregator]
    return aggregator


def serialize_aggregator(aggregator):
    """The config of an aggregator."""
    if isinstance(aggregator, keras.layers.Layer):
        return layer_config(aggregator)
    if isinstance(aggregator, (list, tuple)):
        return [serialize_aggregator(one) for one in aggregator]
    return aggregator


def layer_config(layer):
    """The config of a layer that is an argument, before and after it is built.

    Keras adds the shapes that a layer was built with, which the layer around
    it knows.
    """
    config = keras.saving.serialize_keras_object(layer)
    if isinstance(config, dict):
        config.pop("build_config", None)
    return config


def aggregation_ways(aggregator):
    """How many times the features come out of an aggregator."""
    if isinstance(aggregator, Aggregation):
        return aggregator.ways
    if isinstance(aggregator, str):
        return 1
    return sum(map(aggregation_ways, aggregator))


def build_aggregator(aggregator, features):
    """Makes what an aggregator learns, for rows of so many features.

    The layer around it calls this when it is built itself, as a file that is
    loaded needs it.
    """
    if isinstance(aggregator, Aggregation):
        if not aggregator.built:
            aggregator.build((None, features), (None,))
    elif not isinstance(aggregator, str):
        for one in aggregator:
            build_aggregator(one, features)


def aggregate_rows(data, segment_ids, num_segments, aggregator):
    """Rows of every segment gathered by an aggregator, or by several."""
    if isinstance(aggregator, Aggregation):
        return aggregator(data, segment_ids, num_segments=num_segments)
    if isinstance(aggregator, (list, tuple)) and any(
        not isinstance(one, str) for one in aggregator
    ):
        parts = [
            aggregate_rows(data, segment_ids, num_segments, one)
            for one in aggregator
        ]
        return ops.concatenate(parts, axis=-1)
    return segment_aggregate(data, segment_ids, num_segments, aggregator)
