import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.output_spec import output_spec
from keras_nn.ops import segment_count
from keras_nn.ops import take_rows


class NodeSelection(keras.layers.Layer):
    """Keeps the nodes of every graph with the best scores. Abstract.

    `y[n] = tanh(score[n]) x[n]` for the `ceil(ratio * nodes)` best of a graph;
    the others become padding, and so do their edges: shapes stay as they are.

    A subclass defines `scores(inputs, graph)`: `(num_nodes,)`.

    Args:
        ratio: float. Share of the nodes of a graph that is kept.
        **kwargs: `name`, `dtype`.

    Raises:
        ValueError: if `ratio` is not in `(0, 1]`.
    """

    def __init__(self, ratio=0.5, **kwargs):
        super().__init__(**kwargs)
        if not 0 < ratio <= 1:
            raise ValueError(f"`ratio` must be in (0, 1]. Received: {ratio=}")
        self.ratio = ratio

    def scores(self, inputs, graph):
        """The scores of all nodes before the hyperbolic tangent."""
        raise TypeError(
            f"{type(self).__name__} must implement `scores`. Received: a "
            "subclass of NodeSelection without it"
        )

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        ids, count = graph.graph_ids()
        score = ops.tanh(self.scores(inputs, graph))
        size = segment_count(ids, count)
        # Rounding must not make a whole number a little more.
        wanted = ops.ceil(self.ratio * size - 1e-5)
        first = ops.cumsum(size) - size
        place = ops.cast(places(score, ids), "float32")
        kept = place - take_rows(first, ids) < take_rows(wanted, ids)
        kept = ops.logical_and(kept, ids < count)
        nodes = graph.nodes * ops.expand_dims(score, -1)
        nodes = ops.where(ops.expand_dims(kept, -1), nodes, 0.0 * nodes)
        mask = ops.reshape(kept, graph.shape[:-1])
        edges = inputs["edge_index"]
        both = ops.logical_and(graph.of_source(kept), graph.of_target(kept))
        both = ops.logical_and(both, graph.target < graph.num_nodes)
        both = ops.reshape(both, (*ops.shape(edges)[:-1], 1))
        chosen = {
            "node_features": graph.unflat(nodes),
            "edge_index": ops.where(both, edges, -ops.ones_like(edges)),
            "node_mask": mask,
        }
        if "graph_ids" in inputs:
            ids = inputs["graph_ids"]
            chosen["graph_ids"] = ops.where(mask, ids, -ops.ones_like(ids))
        return chosen

    def compute_output_shape(self, input_shape):
        shapes = {
            key: tuple(input_shape[key])
            for key in ("node_features", "edge_index")
        }
        shapes["node_mask"] = shapes["node_features"][:-1]
        if "graph_ids" in input_shape:
            shapes["graph_ids"] = shapes["node_mask"]
        return shapes

    def compute_output_spec(self, inputs):
        dtypes = {
            "node_features": self.compute_dtype,
            "edge_index": inputs["edge_index"].dtype,
            "node_mask": "bool",
        }
        if "graph_ids" in inputs:
            dtypes["graph_ids"] = inputs["graph_ids"].dtype
        shapes = {key: value.shape for key, value in inputs.items()}
        return output_spec(self.compute_output_shape(shapes), dtypes)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio}


def places(scores, ids):
    """Where every row stands, sorted by id, then by falling score."""
    by_score = ops.argsort(-ops.stop_gradient(scores))
    by_id = ops.argsort(ops.take(ids, by_score))
    return ops.argsort(ops.take(by_score, by_id))
