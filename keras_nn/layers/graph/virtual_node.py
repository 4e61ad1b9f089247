import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_sum
from keras_nn.ops import take_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class VirtualNode(keras.layers.Layer):
    """A node that is a neighbour of all: it hears every node and tells all.

    `v' = v + MLP(v + sum over nodes n of the graph of x[n])`,
    `y[n] = x[n] + v'`; the MLP has one hidden layer

    Args:
        hidden_units: int or None. Width of the hidden layer. Defaults to twice
            the number of features.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`, and perhaps
            `virtual_features` of shape `(packs, graphs, features)`, what the
            layer gave before; 0 at first.

    Returns:
        A dict of `node_features` and `virtual_features`.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> y = VirtualNode()(graph)
    >>> tuple(y["node_features"].shape), tuple(y["virtual_features"].shape)
    ((1, 3, 2), (1, 1, 2))

    Reference:
        [Gilmer et al., 2017](https://arxiv.org/abs/1704.01212), section 5.2
    """

    def __init__(self, hidden_units=None, **kwargs):
        super().__init__(**kwargs)
        self.hidden_units = hidden_units

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        units = self.hidden_units or 2 * features
        self.hidden = keras.layers.Dense(
            units, activation="relu", dtype=self.dtype_policy, name="hidden"
        )
        self.hidden.build((None, features))
        self.output_layer = keras.layers.Dense(
            features, dtype=self.dtype_policy, name="output"
        )
        self.output_layer.build((None, units))

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        nodes = graph.nodes
        ids, count = graph.graph_ids()
        heard = segment_sum(nodes, ids, count)
        before = ops.zeros_like(heard)
        if "virtual_features" in inputs:
            before = ops.reshape(
                inputs["virtual_features"], (-1, nodes.shape[-1])
            )
        after = before + self.output_layer(self.hidden(before + heard))
        known = ops.expand_dims(ids < count, -1)
        told = ops.where(known, take_rows(after, ids), ops.zeros_like(nodes))
        return {
            "node_features": graph.unflat(nodes + told),
            "virtual_features": graph.unflat_graphs(after),
        }

    def compute_output_shape(self, input_shape):
        *packs, _, features = input_shape["node_features"]
        count = input_shape.get("graph_mask", (1,))[-1]
        return {
            "node_features": tuple(input_shape["node_features"]),
            "virtual_features": (*packs, count, features),
        }

    def get_config(self):
        return {**super().get_config(), "hidden_units": self.hidden_units}
