import numpy as np
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.message_passing import MessagePassing
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


def propagate_labels(graph, y, mask, classes, steps=50, alpha=0.9):
    """Labels of nodes from those of their neighbours, without features.

    `Z <- alpha D^(-1/2) A D^(-1/2) Z + (1 - alpha) Y`, clipped to 0 .. 1, `Y`
    being 1 for the class of a node that is known

    Args:
        graph: dict, see `keras_nn.data.graphs.check_graph`; weights of edges
            are used.
        y: int array `(nodes,)`: labels.
        mask: bool array `(nodes,)`: which labels are known; the others are
            not looked at.
        classes: int.
        steps: int. Defaults to 50.
        alpha: float. How much comes from neighbours. Defaults to 0.9.

    Returns:
        An array of scores `(nodes, classes)`.

    Raises:
        ValueError: if a known label is no class, or `alpha` not in 0 .. 1.

    Example:

    >>> edges = [[0, 1], [1, 0], [2, 3], [3, 2]]
    >>> graph = {"node_features": np.ones((4, 1)), "edge_index": edges}
    >>> known = np.array([True, False, True, False])
    >>> scores = propagate_labels(graph, np.array([0, 9, 1, 9]), known, 2)
    >>> scores.argmax(axis=1).tolist()
    [0, 0, 1, 1]

    Reference:
        [Zhu and Ghahramani, 2002](
        http://mlg.eng.cam.ac.uk/zoubin/papers/CMU-CALD-02-107.pdf)
    """
    known = one_hot(y, mask, classes)
    return spread_values(
        graph, known, steps, alpha, lambda z: np.clip(z, 0.0, 1.0)
    )


def one_hot(y, mask, classes):
    """Float array `(nodes, classes)`: 1 for the known class of a node."""
    y, mask = np.asarray(y), np.asarray(mask, bool)
    wrong = y[mask][(y[mask] < 0) | (y[mask] >= classes)]
    if len(wrong):
        raise ValueError(
            f"Known labels must be in 0 .. {classes - 1}. Received: {wrong[0]}"
        )
    known = np.zeros((len(y), classes), "float32")
    known[mask, y[mask]] = 1
    return known


def spread_values(graph, values, steps, alpha, after):
    """`Z <- after(alpha P Z + (1 - alpha) values)`, from `values` on.

    Args:
        graph: dict of one graph.
        values: float array `(nodes, width)`.
        steps: int.
        alpha: float.
        after: callable of an array.
    """
    if not 0 <= alpha <= 1 or steps < 1:
        raise ValueError(
            "`alpha` must be in 0 .. 1 and `steps` positive. Received: "
            f"{alpha=}, {steps=}"
        )
    tensors = {
        "node_features": ops.convert_to_tensor(values, "float32"),
        "edge_index": ops.convert_to_tensor(
            np.asarray(graph["edge_index"]).reshape(-1, 2), "int32"
        ),
    }
    if "edge_weights" in graph:
        tensors["edge_weights"] = ops.convert_to_tensor(
            graph["edge_weights"], "float32"
        )
    flat = symmetric_weights(FlatGraph.of(tensors), self_loops=False)
    layer = MessagePassing()
    z = values
    for _ in range(steps):
        z = ops.convert_to_numpy(layer.propagate(flat, ops.cast(z, "float32")))
        z = after(alpha * z + (1 - alpha) * values)
    return z
