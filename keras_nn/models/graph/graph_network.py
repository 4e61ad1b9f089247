import keras

from keras_nn.models.backbone import Backbone


class GraphNetwork(Backbone):
    """A functional model of packs of graphs. Abstract.

    It is called on a dict, and takes from it the keys that it uses.
    """

    def call(self, inputs, training=None, mask=None):
        missing = sorted(set(self.input) - set(inputs))
        if missing:
            raise ValueError(
                f"The network needs graphs with the keys {sorted(self.input)}. "
                f"Received: {sorted(inputs)}"
            )
        used = {key: inputs[key] for key in self.input}
        return super().call(used, training=training, mask=mask)


def graph_inputs(features, edge_weights=False):
    """Symbolic inputs for packs of graphs: a dict.

    Args:
        features: int. Features of a node.
        edge_weights: bool. Whether edges have weights.
    """
    if features < 1:
        raise ValueError(f"`features` must be positive. Received: {features=}")
    inputs = {
        "node_features": keras.Input((None, features), name="node_features"),
        "edge_index": keras.Input((None, 2), dtype="int32", name="edge_index"),
    }
    if edge_weights:
        inputs["edge_weights"] = keras.Input((None,), name="edge_weights")
    return inputs
