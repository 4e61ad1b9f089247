import numpy as np

from keras_nn.callbacks.graph_layout import force_layout


def test_two_groups_come_to_lie_apart():
    inside = [(a, b) for a in range(6) for b in range(a)]
    edges = np.array(inside + [(a + 6, b + 6) for a, b in inside] + [(0, 6)])
    places = force_layout(edges, 12)
    assert places.min() == 0 and places.max() == 1
    first, second = places[:6].mean(axis=0), places[6:].mean(axis=0)
    spread = np.linalg.norm(places[:6] - first, axis=1).max()
    assert np.linalg.norm(first - second) > 1.5 * spread
    np.testing.assert_array_equal(force_layout(edges, 12), places)


def test_few_nodes_and_none():
    assert force_layout(np.zeros((0, 2), int), 0).shape == (0, 2)
    assert force_layout([[0, 0]], 1).tolist() == [[0.5, 0.5]]
    assert np.isfinite(force_layout([], 5)).all()
