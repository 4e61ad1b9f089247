import numpy as np

ROWS = 512  # nodes whose links to all others are scored at once


def likeliest(codes, edges, top):
    """For every node those that it fits best and has no edge with.

    Args:
        codes: float array `(nodes, units)`; the score of a pair is the inner
            product.
        edges: int array `(edges, 2)`; neither direction is proposed.
        top: int. How many a node, at most as many as there are others.

    Returns:
        `(nodes, scores)`: arrays `(nodes, top)`, best first; -1 and minus
        infinity where a node has edges with all others.

    Example:

    >>> codes = np.array([[1.0], [2.0], [3.0]])
    >>> likeliest(codes, [[0, 2]], top=1)[0].tolist()
    [[1], [2], [1]]
    """
    count = len(codes)
    top = min(top, count - 1)
    edges = np.asarray(edges, "int64").reshape(-1, 2)
    edges = np.concatenate([edges, edges[:, ::-1]])
    best = np.zeros((count, top), "int64")
    found = np.zeros((count, top), "float32")
    for first in range(0, count, ROWS):
        rows = np.arange(first, min(first + ROWS, count))
        scores = codes[rows] @ codes.T
        scores[rows - first, rows] = -np.inf
        near = edges[(edges[:, 0] >= first) & (edges[:, 0] <= rows[-1])]
        scores[near[:, 0] - first, near[:, 1]] = -np.inf
        best[rows] = np.argsort(-scores, axis=1, kind="stable")[:, :top]
        found[rows] = np.take_along_axis(scores, best[rows], axis=1)
    return np.where(np.isneginf(found), -1, best), found
