import numpy as np

from keras_nn.data.graphs.graph import check_graph
from keras_nn.data.graphs.link_split import LinkSplit
from keras_nn.data.graphs.negative_sampler import NegativeSampler
from keras_nn.data.graphs.self_loops import select_edges
from keras_nn.data.splits import Splits


def random_link_split(
    graph,
    validation=0.1,
    test=0.2,
    undirected=True,
    disjoint=0.0,
    negatives=1.0,
    seed=0,
):
    """Hides some edges of a graph, to be foretold from the others.

    Messages of the training and validation sets go along the training edges,
    those of the test set along training and validation edges: no edge of
    validation or test is looked at before it is asked for. Edges that repeat
    stay together, and so do the two directions of an undirected one. Every
    set holds as many pairs without an edge; training can draw them anew, see
    `LinkSplit.ordered`.

    Args:
        graph: dict, see `check_graph`.
        validation: float. Share of the edges.
        test: float. Share of the edges.
        undirected: bool. Whether the graph holds both directions of every
            edge, of which one is asked for. Defaults to True.
        disjoint: float. Share of the training edges that are asked for in
            training, and along which no messages go; 0 for all of them, along
            which messages go as well. Defaults to 0.
        negatives: float. Pairs without an edge for each one. Defaults to 1.
        seed: int.

    Returns:
        `Splits` of `LinkSplit`s.

    Raises:
        ValueError: If shares are negative or leave nothing to train on, or
            an undirected graph holds an edge in one direction only.

    Example:

    >>> from keras_nn import data
    >>> club = data.load("karate-club").train.graph
    >>> splits = random_link_split(club, validation=0.1, test=0.2)
    >>> splits.train, splits.validation, splits.test
    (LinkSplit(112 links), LinkSplit(14 links), LinkSplit(30 links))
    >>> len(splits.train.graph["edge_index"])  # both directions
    112
    """
    shares = (validation, test, disjoint)
    if min(*shares, negatives) < 0 or validation + test >= 1 or disjoint >= 1:
        raise ValueError(
            "`validation`, `test`, `disjoint` and `negatives` must not be "
            "negative, and leave edges to train on. Received: "
            f"{validation=}, {test=}, {disjoint=}, {negatives=}"
        )
    graph = check_graph(graph)
    edges = graph["edge_index"].astype("int64")
    nodes = len(graph["node_features"])
    ends = np.sort(edges, axis=1) if undirected else edges
    # Edges of one group are the same pair of nodes, and stay together.
    numbers, group = np.unique(
        ends[:, 0] * nodes + ends[:, 1], return_inverse=True
    )
    pairs = np.stack(np.divmod(numbers, max(nodes, 1)), axis=1)
    if undirected:
        _check_both_ways(edges, nodes)
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(pairs))
    held = [int(share * len(pairs)) for share in (validation, test)]
    first = len(pairs) - sum(held)
    parts = np.split(order, [first, first + held[0]])
    asked = parts[0][: int(disjoint * first)] if disjoint else parts[0]
    if not len(asked):
        raise ValueError(
            f"There must be an edge to train on. Received: {len(pairs)} edges"
        )
    looked = np.setdiff1d(parts[0], asked) if disjoint else parts[0]
    sampler = NegativeSampler(edges, nodes, undirected)
    count = [int(negatives * len(part)) for part in (asked, *parts[1:])]
    drawn = sampler.pairs(sum(count), generator)
    drawn = np.split(drawn, np.cumsum(count)[:-1])
    messages = (looked, parts[0], np.concatenate(parts[:2]))
    splits = [
        LinkSplit(
            select_edges(graph, np.isin(group, seen)),
            np.concatenate([pairs[part], none]),
            np.repeat([1, 0], [len(part), len(none)]),
            edges,
        )
        if len(part)
        else None
        for seen, part, none in zip(
            messages, (asked, *parts[1:]), drawn, strict=True
        )
    ]
    return Splits(*splits, description="Edges hidden at random.")


def _check_both_ways(edges, nodes):
    forward = np.unique(edges[:, 0] * nodes + edges[:, 1])
    backward = np.unique(edges[:, 1] * nodes + edges[:, 0])
    lonely = np.setdiff1d(forward, backward)
    if len(lonely):
        raise ValueError(
            "An undirected graph holds both directions of every edge, see "
            "`to_undirected`. Received: "
            f"{[*map(int, divmod(lonely[0], nodes))]} without its reverse"
        )
