import numpy as np

from keras_nn.data.graphs.undirected import to_undirected

ROOF, MIDDLE, BOTTOM = 1, 2, 3
# A house: the roof's top, two in the middle, two at the bottom.
HOUSE = ((0, 1), (0, 2), (1, 2), (1, 3), (2, 4), (3, 4))
ROLES = (ROOF, MIDDLE, MIDDLE, BOTTOM, BOTTOM)


def planted_houses(
    nodes=300, houses=80, attachments=5, extra_edges=0.1, features=10, seed=0
):
    """A random graph with small houses planted in it, whose edges are known.

    Every node of a Barabasi-Albert graph comes with edges to `attachments`
    earlier ones, drawn in proportion to their degrees. Houses of five nodes
    are tied to it by an edge each; then edges between any two nodes are
    added. The label is a node's role: 0 elsewhere, 1 at the top of a roof, 2
    in the middle, 3 at the bottom. What a good explanation of the role of a
    node of a house must find are the edges of that house.

    Args:
        nodes: int. Of the graph without houses.
        houses: int.
        attachments: int. Edges that a new node brings.
        extra_edges: float. Edges added at random, as a share of all nodes.
        features: int. Width of the features of a node, all 1.
        seed: int.

    Returns:
        `(graph, labels, house)`: a graph, see `check_graph`; the role of
        every node; and for every edge the number of the house that it
        belongs to, or -1.

    Raises:
        ValueError: If there are fewer nodes than attachments and one.

    Example:

    >>> graph, labels, house = planted_houses(nodes=20, houses=2)
    >>> np.bincount(labels).tolist(), np.bincount(house + 1)[1:].tolist()
    ([20, 2, 4, 4], [12, 12])

    Reference:
        [Ying et al., 2019](https://arxiv.org/abs/1903.03894), section 5:
        BA-Shapes.
    """
    if nodes <= attachments or attachments < 1:
        raise ValueError(
            "There must be more nodes than attachments, and one of those at "
            f"least. Received: {nodes=}, {attachments=}"
        )
    random = np.random.default_rng(seed)
    edges = [(n, attachments) for n in range(attachments)]
    ends = [end for edge in edges for end in edge]
    for node in range(attachments + 1, nodes):
        near = set()
        while len(near) < attachments:
            near.add(ends[random.integers(len(ends))])
        edges += [(node, other) for other in near]
        ends += [*near, *[node] * attachments]
    total = nodes + len(ROLES) * houses
    pairs = {(min(e), max(e)): -1 for e in edges}
    for house, first in enumerate(range(nodes, total, len(ROLES))):
        pairs |= {(first + a, first + b): house for a, b in HOUSE}
        corner = first + random.integers(len(ROLES))
        pairs[int(random.integers(nodes)), int(corner)] = -1
    for a, b in random.integers(0, total, (int(extra_edges * total), 2)):
        if a != b:
            pairs.setdefault((int(min(a, b)), int(max(a, b))), -1)
    graph = to_undirected(
        {
            "node_features": np.ones((total, features), "float32"),
            "edge_index": np.array(list(pairs), "int32"),
        }
    )
    ordered = np.sort(graph["edge_index"], axis=1).tolist()
    house = np.array([pairs[a, b] for a, b in ordered])
    return graph, np.array([0] * nodes + [*ROLES] * houses), house
