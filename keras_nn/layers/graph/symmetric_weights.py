import dataclasses

from keras import ops

from keras_nn.ops import segment_sum


def symmetric_weights(graph, self_loops=True):
    """A flat graph whose edges weigh `w[s, t] / sqrt(d[s] d[t])`.

    `d[t]` is the sum of the weights that lead to `t`; degrees are counted in
    float32, since half precision cannot count beyond 2,048.

    Args:
        graph: `FlatGraph`.
        self_loops: bool. Whether every node without a self-loop gets one.

    Returns:
        A `FlatGraph`.
    """
    graph = graph.with_self_loops() if self_loops else graph
    weights = graph.weights("float32")
    degree = segment_sum(weights, graph.target, graph.num_nodes)
    positive = degree > 0
    inverse = ops.rsqrt(ops.where(positive, degree, ops.ones_like(degree)))
    inverse = ops.where(positive, inverse, ops.zeros_like(inverse))
    weights = weights * graph.of_source(inverse) * graph.of_target(inverse)
    return dataclasses.replace(
        graph, edge_weights=ops.cast(weights, graph.nodes.dtype)
    )
