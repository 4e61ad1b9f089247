import numpy as np

from keras_nn.data.graphs.undirected import to_undirected


def stochastic_block_model(sizes, within, between, seed=0, feature_noise=1.0):
    """A random graph of communities that know themselves better than others.

    Two nodes of one community are joined with the probability `within`, of
    two communities with `between`, independently. The features of a node are
    the one-hot number of its community plus normal noise.

    Args:
        sizes: list of ints. Nodes of each community.
        within: float in `[0, 1]`.
        between: float in `[0, 1]`.
        seed: int. The same seed gives the same graph.
        feature_noise: float. Standard deviation of the noise.

    Returns:
        `(graph, labels)`: an undirected graph, see `check_graph`, and an int
        array `(nodes,)` of communities.

    Raises:
        ValueError: If a probability or a size is none.

    Example:

    >>> graph, labels = stochastic_block_model([3, 2], 1.0, 0.0)
    >>> len(graph["edge_index"]), labels.tolist()
    (8, [0, 0, 0, 1, 1])

    Reference:
        [Holland et al., 1983](https://doi.org/10.1016/0378-8733(83)90021-7)
    """
    if not (0 <= within <= 1 and 0 <= between <= 1):
        raise ValueError(
            "`within` and `between` must be probabilities. Received: "
            f"{within=}, {between=}"
        )
    if not len(sizes) or min(sizes) < 1:
        raise ValueError(
            f"`sizes` must hold positive sizes. Received: {sizes=}"
        )
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    same = labels[:, None] == labels
    chance = np.where(same, within, between)
    joined = np.triu(generator.random(chance.shape) < chance, k=1)
    features = np.eye(len(sizes))[labels]
    features += feature_noise * generator.normal(size=features.shape)
    graph = {
        "node_features": features.astype("float32"),
        "edge_index": np.argwhere(joined).astype("int32"),
    }
    return to_undirected(graph), labels
