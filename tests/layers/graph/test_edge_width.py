import pytest

from keras_nn.layers.graph.edge_width import edge_width


def test_nothing_is_looked_at_unless_asked_for():
    shapes = {"edge_features": (None, 5)}
    assert edge_width(shapes, False) == 0
    assert edge_width(shapes, True) == 5


def test_refuses_edges_without_features():
    with pytest.raises(ValueError, match=r"Received: keys \['edge_index'\]"):
        edge_width({"edge_index": (None, 2)}, True)
