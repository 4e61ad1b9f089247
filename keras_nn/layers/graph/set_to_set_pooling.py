import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_softmax
from keras_nn.ops import segment_sum
from keras_nn.ops import take_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class SetToSetPooling(keras.layers.Layer):
    """One vector a graph: what a recurrent cell asks its nodes for (Set2Set).

    `q = LSTM([q, r])`, `r = sum over nodes n of g of softmax(x[n] . q) x[n]`,
    `steps` times from zeros on; `y[g] = [q, r]`

    Args:
        steps: int. Questions asked. Defaults to 3.
        use_bias: bool. Whether the cell has a bias. Defaults to True.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, as of `GraphNormalization`.

    Returns:
        A float tensor of shape `(packs, graphs, 2 * features)`; without
        `graph_ids` a pack is one graph.

    Raises:
        ValueError: if `steps` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1]]]),
    ...     "graph_ids": ops.array([[0, 0, -1]]),
    ...     "graph_mask": ops.array([[True, False]]),
    ... }
    >>> tuple(SetToSetPooling()(graph).shape)
    (1, 2, 4)

    Reference:
        [Vinyals et al., 2016](https://arxiv.org/abs/1511.06391)
    """

    def __init__(self, steps=3, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        if steps < 1:
            raise ValueError(f"`steps` must be positive. Received: {steps=}")
        self.steps = steps
        self.use_bias = use_bias

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.cell = keras.layers.LSTMCell(
            features,
            use_bias=self.use_bias,
            dtype=self.dtype_policy,
            name="cell",
        )
        self.cell.build((None, 2 * features))

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        nodes = graph.nodes
        ids, count = graph.graph_ids()
        zeros = ops.zeros((count, nodes.shape[-1]), dtype=nodes.dtype)
        asked, state = ops.concatenate([zeros, zeros], -1), [zeros, zeros]
        for _ in range(self.steps):
            question, state = self.cell(asked, state)
            scores = ops.sum(nodes * take_rows(question, ids), -1, True)
            attention = segment_softmax(scores, ids, count)
            answer = segment_sum(attention * nodes, ids, count)
            asked = ops.concatenate([question, answer], -1)
        return graph.unflat_graphs(asked)

    def compute_output_shape(self, input_shape):
        *packs, _, features = input_shape["node_features"]
        return (*packs, input_shape.get("graph_mask", (1,))[-1], 2 * features)

    def get_config(self):
        return {
            **super().get_config(),
            "steps": self.steps,
            "use_bias": self.use_bias,
        }
