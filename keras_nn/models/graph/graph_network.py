import keras

from keras_nn.models.backbone import Backbone

POOLED = {"node_mask": "bool", "graph_ids": "int32", "graph_mask": "bool"}


class GraphNetwork(Backbone):
    """A functional model of packs of graphs. Abstract.

    It is called on a dict, and takes from it the keys that it uses.

    Args:
        inputs: dict of symbolic inputs, see `graph_inputs`.
        outputs: symbolic tensor.
        features: int. Features of a node.
        **kwargs: `dtype`, `name`, `trainable`.
    """

    def __init__(self, inputs, outputs, features, **kwargs):
        super().__init__(inputs, outputs, **kwargs)
        self.features = features

    def call(self, inputs, training=None, mask=None):
        missing = sorted(set(self.input) - set(inputs))
        if missing:
            raise ValueError(
                f"The network needs graphs with the keys {sorted(self.input)}. "
                f"Received: {sorted(inputs)}"
            )
        used = {key: inputs[key] for key in self.input}
        return super().call(used, training=training, mask=mask)

    def get_config(self):
        return {**super().get_config(), "features": self.features}


def graph_inputs(
    features,
    edge_weights=False,
    edge_features=0,
    pooled=False,
    node_positions=0,
    node_types=False,
):
    """Symbolic inputs for packs of graphs: a dict.

    Args:
        features: int. Features of a node.
        edge_weights: bool. Whether edges have weights.
        edge_features: int. Features of an edge; 0 for none.
        pooled: bool. Whether it must be known which node is of which graph.
        node_positions: int. Axes of the positions of nodes; 0 for none.
        node_types: bool. Whether nodes have types.
    """
    if features < 1:
        raise ValueError(f"`features` must be positive. Received: {features=}")
    inputs = {
        "node_features": keras.Input((None, features), name="node_features"),
        "edge_index": keras.Input((None, 2), dtype="int32", name="edge_index"),
    }
    if edge_weights:
        inputs["edge_weights"] = keras.Input((None,), name="edge_weights")
    if edge_features:
        inputs["edge_features"] = keras.Input(
            (None, edge_features), name="edge_features"
        )
    if node_positions:
        inputs["node_positions"] = keras.Input(
            (None, node_positions), name="node_positions"
        )
    if node_types:
        inputs["node_types"] = keras.Input(
            (None,), dtype="int32", name="node_types"
        )
    if pooled:
        for key, dtype in POOLED.items():
            inputs[key] = keras.Input((None,), dtype=dtype, name=key)
    return inputs
