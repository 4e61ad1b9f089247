"""Small graphs as pictures: nodes by class, edges by how much they matter."""

import dataclasses

import numpy as np

from keras_nn.callbacks.graph_layout import force_layout
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure

# Colours for classes that people with colour blindness tell apart, too.
CLASSES = (
    "#0072b2 #e69f00 #009e73 #cc79a7 #56b4e9 #d55e00 #f0e442 #7f7f7f "
    "#5f4690 #94346e"
).split()
IMPORTANT = "#c5221f"


@dataclasses.dataclass(frozen=True)
class GraphPicture:
    """What is drawn of a graph.

    Args:
        edges: int array `(edges, 2)`.
        labels: int array `(nodes,)`: the class of each node, its colour.
        edge_scores: float array `(edges,)` or None: how much an edge matters;
            the highest is drawn widest.
        title: str.
        marked: int or None. A node with a ring.
    """

    edges: np.ndarray
    labels: np.ndarray
    edge_scores: np.ndarray | None = None
    title: str = ""
    marked: int | None = None


def draw_graphs(pictures, columns=4, side=3.0):
    """Draws graphs in rows.

    Args:
        pictures: list of `GraphPicture`.
        columns: int. Defaults to 4.
        side: float. Of a graph, in inches. Defaults to 3.

    Returns:
        uint8 array `(1, height, width, 3)`.

    Example:

    >>> triangle = np.array([[0, 1], [1, 2], [2, 0]])
    >>> draw_graphs([GraphPicture(triangle, np.arange(3))]).shape[0]
    1
    """
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    figure = new_figure(side * columns, side * rows)
    grid = np.ravel(figure.subplots(rows, columns, squeeze=False))
    for axes, picture in zip(grid, pictures, strict=False):
        _draw(axes, picture)
    for axes in grid:
        axes.set_axis_off()
    return figure_to_image(figure)


def _draw(axes, picture):
    from matplotlib.collections import LineCollection

    edges = np.asarray(picture.edges).reshape(-1, 2)
    nodes = len(picture.labels)
    places = force_layout(edges, nodes)
    size = float(np.clip(2500 / max(nodes, 1), 12, 160))
    strength = np.zeros(len(edges))
    if picture.edge_scores is not None and len(edges):
        scores = np.maximum(np.asarray(picture.edge_scores, "float64"), 0)
        strength = scores / max(scores.max(), 1e-12)
    if len(edges):
        lines = places[edges]  # (edges, 2, 2)
        axes.add_collection(
            LineCollection(lines, colors="#dadce0", linewidths=0.8, zorder=1)
        )
        axes.add_collection(
            LineCollection(
                lines,
                colors=IMPORTANT,
                linewidths=4 * strength,
                alpha=np.clip(strength, 0, 1),
                zorder=2,
            )
        )
    colours = [CLASSES[label % len(CLASSES)] for label in picture.labels]
    axes.scatter(
        *places.T,
        s=size,
        c=colours,
        edgecolors="white",
        linewidths=0.5,
        zorder=3,
    )
    if picture.marked is not None:
        axes.scatter(
            *places[picture.marked],
            s=3 * size,
            facecolors="none",
            edgecolors="black",
            linewidths=1.5,
            zorder=4,
        )
    axes.set_title(picture.title, fontsize=8)
    axes.set_xlim(-0.08, 1.08)
    axes.set_ylim(-0.08, 1.08)
    axes.set_aspect("equal")


def surroundings(graph, node, scores, most=30):
    """What is drawn around a node: itself and who matters most nearby.

    From the node on, ever further, the nodes at the other end of its edges
    join, those of the highest scores first.

    Args:
        graph: dict, see `keras_nn.data.graphs.check_graph`.
        node: int.
        scores: float array `(edges,)`.
        most: int. Nodes at most. Defaults to 30.

    Returns:
        `(nodes, edges, rows)`: the nodes, `node` first; the edges between
        them, counted in those; and the rows of these in `edge_index`.
    """
    edges = np.asarray(graph["edge_index"]).reshape(-1, 2)
    chosen, level = [node], [node]
    while level and len(chosen) < most:
        found = {}
        for a, b in ((0, 1), (1, 0)):
            near = np.isin(edges[:, a], level) & ~np.isin(edges[:, b], chosen)
            for row in np.flatnonzero(near):
                other = int(edges[row, b])
                found[other] = max(found.get(other, -np.inf), scores[row])
        level = sorted(found, key=found.get, reverse=True)
        level = level[: most - len(chosen)]
        chosen += level
    place = np.full(len(graph["node_features"]), -1)
    place[chosen] = np.arange(len(chosen))
    inside = place[edges]
    rows = np.flatnonzero((inside >= 0).all(axis=1))
    return np.array(chosen), inside[rows], rows
