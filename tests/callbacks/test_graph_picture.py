import numpy as np

from keras_nn.callbacks.graph_picture import GraphPicture
from keras_nn.callbacks.graph_picture import draw_graphs
from keras_nn.callbacks.graph_picture import surroundings

PATH = np.array([[0, 1], [1, 2], [2, 3]])


def reddish(picture):
    red, green, blue = picture[0].astype(int).transpose(2, 0, 1)
    return int(((red > 180) & (green < 60) & (blue < 60)).sum())


def test_what_matters_is_red_and_stands_in_a_grid():
    plain = GraphPicture(PATH, np.zeros(4, int))
    one = GraphPicture(PATH, np.zeros(4, int), np.array([0.0, 2.0, -1.0]))
    every = GraphPicture(PATH, np.zeros(4, int), np.ones(3), marked=1)
    counts = [reddish(draw_graphs([p])) for p in (plain, one, every)]
    assert counts[0] == 0 < counts[1] < counts[2]
    assert draw_graphs([plain] * 5, columns=4).shape == (1, 600, 1200, 3)


def test_a_graph_without_edges_or_nodes_is_drawn():
    none = GraphPicture(np.zeros((0, 2), int), np.zeros(2, int), np.zeros(0))
    empty = GraphPicture(np.zeros((0, 2), int), np.zeros(0, int))
    assert draw_graphs([none, empty]).shape == (1, 300, 600, 3)


def test_surroundings_take_the_strongest_first():
    edges = np.array([[1, 0], [2, 0], [3, 0], [4, 2], [5, 4], [1, 2]])
    graph = {"node_features": np.eye(6), "edge_index": edges}
    scores = np.array([0.1, 0.9, 0.5, 0.2, 0.3, 0.0])
    nodes, inside, rows = surroundings(graph, 0, scores, most=3)
    assert nodes.tolist() == [0, 2, 3]
    assert inside.tolist() == [[1, 0], [2, 0]] and rows.tolist() == [1, 2]
    nodes, inside, rows = surroundings(graph, 0, scores)
    assert sorted(nodes.tolist()) == [*range(6)] and len(rows) == 6
