import numpy as np
import pytest

from keras_nn.data.graphs import from_networkx
from keras_nn.data.graphs import read_graphml

networkx = pytest.importorskip("networkx")


def house():
    network = networkx.MultiGraph()
    network.add_node("roof", height=2.0, place=[0.0, 1.0])
    network.add_node("wall", height=1.0, place=[1.0, 1.0])
    network.add_edge("roof", "wall", weight=0.5, length=3.0)
    network.add_edge("roof", "wall", weight=1.5, length=4.0)
    network.add_edge("wall", "wall", weight=2.0, length=5.0)
    return network


def test_attributes_become_features_and_repeated_edges_stay():
    graph, names = from_networkx(house(), ["height", "place"], ["length"])
    assert names == ["roof", "wall"]
    assert graph["node_features"].tolist() == [[2, 0, 1], [1, 1, 1]]
    edges = [[0, 1], [1, 0], [0, 1], [1, 0], [1, 1]]
    assert graph["edge_index"].tolist() == edges
    assert graph["edge_weights"].tolist() == [0.5, 0.5, 1.5, 1.5, 2]
    assert graph["edge_features"].ravel().tolist() == [3, 3, 4, 4, 5]


def test_a_directed_file_keeps_its_directions(tmp_path):
    network = networkx.DiGraph([("a", "b"), ("c", "b")])
    networkx.write_graphml(network, tmp_path / "a.graphml")
    graph, names = read_graphml(tmp_path / "a.graphml")
    place = [names.index(name) for name in "abc"]
    expected = [[place[0], place[1]], [place[2], place[1]]]
    assert sorted(graph["edge_index"].tolist()) == sorted(expected)
    np.testing.assert_array_equal(graph["node_features"], np.eye(3))


def test_refuses_what_is_missing_or_no_file(tmp_path):
    with pytest.raises(ValueError, match=r"node 'roof' without \['colour'\]"):
        from_networkx(house(), ["colour"])
    (tmp_path / "b.graphml").write_text("not xml")
    with pytest.raises(ValueError, match="must be GraphML. Received: .*b.gra"):
        read_graphml(tmp_path / "b.graphml")
    with pytest.raises(FileNotFoundError):
        read_graphml(tmp_path / "c.graphml")
