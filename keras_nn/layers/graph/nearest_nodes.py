from keras import ops


def nearest_nodes(graph, features, count):
    """Edges from the nearest nodes of the same graph, the node itself first.

    Args:
        graph: `FlatGraph`.
        features: float tensor `(num_nodes, features)`, in which distances are
            measured.
        count: int. Edges to a node; fewer where the graph has fewer nodes.

    Returns:
        An int tensor `(num_nodes * min(count, nodes of a pack), 2)` of edges,
        whose target is `num_nodes` where there is none.
    """
    packs = graph.shape[0] if len(graph.shape) == 3 else 1
    nodes = graph.shape[-2]
    ids, graphs = graph.graph_ids()
    ids = ops.reshape(ids, (packs, -1))
    x = ops.cast(ops.stop_gradient(features), "float32")
    x = ops.reshape(x, (packs, -1, features.shape[-1]))
    squares = ops.sum(ops.square(x), axis=-1)
    products = ops.matmul(x, ops.swapaxes(x, 1, 2))
    distance = squares[:, :, None] + squares[:, None] - 2 * products
    distance = ops.maximum(distance, 0.0)
    same = ids[:, :, None] == ids[:, None]
    same = ops.logical_and(same, ids[:, None] < graphs)
    itself = ops.eye(nodes, dtype="float32")
    near = ops.where(same, -distance, -ops.ones_like(distance) * 1e30)
    near = ops.where(ops.logical_and(same, itself > 0), 1.0, near)
    count = count if not isinstance(nodes, int) else min(count, nodes)
    values, chosen = ops.top_k(near, count)  # (packs, nodes, count)
    start = ops.arange(packs, dtype="int32") * nodes
    start = ops.reshape(start, (-1, 1, 1))
    source = ops.cast(chosen, "int32") + start
    own = ops.reshape(ops.arange(nodes, dtype="int32"), (1, -1, 1))
    target = ops.where(
        values > -1e29, own + start, ops.cast(graph.num_nodes, "int32")
    )
    return ops.reshape(ops.stack([source, target], axis=-1), (-1, 2))
