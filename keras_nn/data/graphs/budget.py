import dataclasses

import numpy as np

ROUND = 8  # rows to which a usual budget is rounded
SPREAD = 2.0  # standard deviations by which it is above the mean
WORTH = 0.9  # of the rows of the largest: above, a second shape is not worth it


@dataclasses.dataclass(frozen=True)
class Budget:
    """How much one pack of graphs holds; smaller packs are padded to it.

    One budget means one shape for every batch, so that XLA compiles once.

    Args:
        nodes: int. Nodes of a pack, at least 1.
        edges: int. Edges of a pack.
        graphs: int. Graphs of a pack, at least 1.

    Raises:
        ValueError: If a pack of this size could hold no graph.

    Example:

    >>> Budget(nodes=100, edges=400, graphs=8).nodes
    100
    """

    nodes: int
    edges: int
    graphs: int

    def __post_init__(self):
        if self.nodes < 1 or self.edges < 0 or self.graphs < 1:
            raise ValueError(
                "A budget needs at least one node and one graph, and no "
                f"negative number of edges. Received: {self}"
            )


def choose_budget(graphs, graphs_per_pack=1):
    """The smallest budget into which any so many of the graphs fit.

    The sum of the largest ones, of nodes and of edges: whatever graphs
    shuffling brings together, none is left over.

    Args:
        graphs: list of graphs, see `check_graph`.
        graphs_per_pack: int. How many graphs a pack shall hold.

    Returns:
        A `Budget`.

    Raises:
        ValueError: If there is no graph.

    Example:

    >>> small, large = (
    ...     {"node_features": np.ones((n, 1)), "edge_index": []} for n in (2, 9)
    ... )
    >>> choose_budget([small, large, small], graphs_per_pack=2)
    Budget(nodes=11, edges=0, graphs=2)
    """
    if not len(graphs) or graphs_per_pack < 1:
        raise ValueError(
            "A budget is chosen for at least one graph. Received: "
            f"{len(graphs)} graphs, {graphs_per_pack=}"
        )

    def largest(key):
        sizes = sorted((len(graph[key]) for graph in graphs), reverse=True)
        return int(np.sum(sizes[:graphs_per_pack]))

    return Budget(
        max(1, largest("node_features")), largest("edge_index"), graphs_per_pack
    )


def choose_budgets(graphs, graphs_per_pack=1):
    """A usual budget and the largest: at most two shapes for random batches.

    The largest is that of `choose_budget`, into which all fits; of graphs of
    unlike sizes most of it is padding. The usual one holds two standard
    deviations more than the mean of so many graphs drawn at random, into which
    some 97 of 100 packs fit.

    Args:
        graphs: list of graphs, see `check_graph`.
        graphs_per_pack: int. How many graphs a pack shall hold.

    Returns:
        A tuple of `Budget`, the smaller one first; the largest alone where
        the usual one saves less than a tenth of it.

    Raises:
        ValueError: If there is no graph.

    Example:

    >>> sizes = [10] * 96 + [90] * 4
    >>> graphs = [
    ...     {"node_features": np.ones((n, 1)), "edge_index": []} for n in sizes
    ... ]
    >>> [budget.nodes for budget in choose_budgets(graphs, 16)]
    [328, 480]
    """
    largest = choose_budget(graphs, graphs_per_pack)
    total, drawn = len(graphs), min(graphs_per_pack, len(graphs))
    sizes = np.array(
        [(len(g["node_features"]), len(g["edge_index"])) for g in graphs]
    )
    # Of a sum of numbers drawn without putting them back.
    variance = sizes.var(axis=0) * drawn * (total - drawn) / max(1, total - 1)
    high = sizes.mean(axis=0) * drawn + SPREAD * np.sqrt(variance)
    rounded = np.ceil(high / ROUND).astype(int) * ROUND
    nodes, edges = np.minimum(rounded, (largest.nodes, largest.edges)).tolist()
    if nodes + edges > WORTH * (largest.nodes + largest.edges):
        return (largest,)
    return Budget(max(1, nodes), edges, graphs_per_pack), largest
