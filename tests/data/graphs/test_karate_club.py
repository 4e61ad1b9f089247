import numpy as np

from keras_nn.data import load
from keras_nn.data.graphs import check_graph


def test_it_is_the_club_of_the_paper():
    splits = load("karate-club")
    graph = check_graph(splits.train.graph)
    edges = graph["edge_index"]
    assert len(edges) == 2 * 78
    degree = np.bincount(edges[:, 0], minlength=34)
    assert degree.tolist() == np.bincount(edges[:, 1], minlength=34).tolist()
    # Degrees of the instructor and of the two officers in figure 1.
    assert degree[[0, 33, 32]].tolist() == [16, 17, 12] and degree.min() == 1
    assert np.bincount(splits.train.y).tolist() == [17, 17]


def test_parts_do_not_overlap_and_leave_nobody_out():
    splits = load("karate-club", seed=3)
    parts = [splits.train, splits.validation, splits.test]
    assert sum(part.mask.astype(int) for part in parts).tolist() == [1] * 34
    assert [len(part) for part in parts] == [2, 8, 24]
    assert splits.train.y[splits.train.mask].tolist() == [0, 1]
