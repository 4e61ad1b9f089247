import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.message_passing import MessagePassing
from keras_nn.ops import segment_softmax


@keras.saving.register_keras_serializable(package="keras_nn")
class AttentionPropagation(MessagePassing):
    """Nodes become the mean of those that are like them (AGNN).

    `y[t] = sum over (s, t) of softmax(beta cos(x[s], x[t])) x[s]`, self-loops
    included

    Args:
        learn: bool. Whether `beta` is learnt, or 1. Defaults to True.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`. Weights of edges are not used; a
            node attends to itself once.

    Returns:
        A float tensor of the shape of `node_features`.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(AttentionPropagation()(graph).shape)
    (1, 3, 2)

    Reference:
        [Thekumparampil et al., 2018](https://arxiv.org/abs/1803.03735)
    """

    def __init__(self, learn=True, **kwargs):
        super().__init__(**kwargs)
        self.learn = learn

    def build(self, input_shape):
        super().build(input_shape)
        if self.learn:
            self.beta = self.add_weight(
                name="beta", shape=(), initializer="ones"
            )

    def call(self, inputs):
        graph = FlatGraph.of(inputs).with_self_loops()
        return graph.unflat(self.propagate(graph, graph.nodes))

    def message(self, graph, nodes):
        # Half precision cannot sum the squares of many features.
        length = ops.normalize(ops.cast(nodes, "float32"), axis=-1)
        likeness = graph.of_source(length) * graph.of_target(length)
        scores = ops.sum(likeness, axis=-1)
        if self.learn:
            scores = scores * ops.cast(self.beta, "float32")
        attention = segment_softmax(scores, graph.target, graph.num_nodes)
        attention = ops.cast(attention, nodes.dtype)
        return ops.expand_dims(attention, -1) * graph.of_source(nodes)

    def get_config(self):
        return {**super().get_config(), "learn": self.learn}
