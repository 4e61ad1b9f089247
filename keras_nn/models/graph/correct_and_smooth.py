import numpy as np

from keras_nn.models.graph.label_propagation import one_hot
from keras_nn.models.graph.label_propagation import spread_values


def correct_and_smooth(
    graph,
    scores,
    y,
    mask,
    correction_steps=50,
    correction_alpha=0.9,
    smoothing_steps=50,
    smoothing_alpha=0.8,
    scale=None,
):
    """Scores of any classifier of nodes, made better by known labels.

    Correct: the errors at known nodes spread along edges, and are subtracted
    elsewhere; smooth: what results, with the labels where they are known,
    spreads likewise; see `propagate_labels`.

    Args:
        graph: dict, see `keras_nn.data.graphs.check_graph`; weights of edges
            are used.
        scores: float array `(nodes, classes)`: probabilities.
        y: int array `(nodes,)`: labels.
        mask: bool array `(nodes,)`: which labels are known.
        correction_steps: int. Defaults to 50.
        correction_alpha: float. Defaults to 0.9.
        smoothing_steps: int. Defaults to 50.
        smoothing_alpha: float. Defaults to 0.8.
        scale: float or None. How much of the errors is subtracted, which stay
            as they are where they are known; None gives every node errors as
            large as those that are known are on average. Defaults to None.

    Returns:
        An array of scores `(nodes, classes)`.

    Raises:
        ValueError: if no label is known, a known label is no class, or an
            `alpha` not in 0 .. 1.

    Example:

    >>> edges = [[0, 1], [1, 0], [2, 3], [3, 2]]
    >>> graph = {"node_features": np.ones((4, 1)), "edge_index": edges}
    >>> scores = np.full((4, 2), 0.5)
    >>> known = np.array([True, False, True, False])
    >>> y = np.array([0, 0, 1, 1])
    >>> better = correct_and_smooth(graph, scores, y, known)
    >>> better.argmax(axis=1).tolist()
    [0, 0, 1, 1]

    Reference:
        [Huang et al., 2021](https://arxiv.org/abs/2010.13993)
    """
    scores = np.asarray(scores, "float32")
    mask = np.asarray(mask, bool)
    if not mask.any():
        raise ValueError(
            f"A label must be known. Received: mask of {len(mask)} nodes, none "
            "of them True"
        )
    known = one_hot(y, mask, scores.shape[1])
    error = np.where(mask[:, None], known - scores, 0).astype("float32")
    if scale is None:
        spread = spread_values(
            graph,
            error,
            correction_steps,
            correction_alpha,
            lambda z: np.clip(z, -1.0, 1.0),
        )
        sigma = np.abs(error[mask]).sum() / mask.sum()
        size = np.abs(spread).sum(axis=1, keepdims=True)
        factor = sigma / np.where(size == 0, 1, size)
        factor = np.where((size == 0) | (factor > 1000), 1.0, factor)
    else:
        spread = spread_values(
            graph,
            error,
            correction_steps,
            correction_alpha,
            lambda z: np.where(mask[:, None], error, z),
        )
        factor = scale
    better = (scores + factor * spread).astype("float32")
    better = np.where(mask[:, None], known, better)
    return spread_values(
        graph,
        better,
        smoothing_steps,
        smoothing_alpha,
        lambda z: np.clip(z, 0.0, 1.0),
    )
