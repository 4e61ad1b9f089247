import pytest

from keras_nn.applications import WrongRequest
from keras_nn.applications.node_files import read_graph
from keras_nn.applications.node_files import read_labelled_nodes

TEXT = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="label" attr.type="string"/>
  <key id="d1" for="node" attr.name="age" attr.type="double"/>
  <key id="d2" for="edge" attr.name="weight" attr.type="double"/>
  <graph edgedefault="undirected">
    <node id="Ann"><data key="d0">old</data><data key="d1">3.5</data></node>
    <node id="Bob"><data key="d1">4</data></node>
    <edge source="Ann" target="Bob"><data key="d2">0.5</data></edge>
  </graph>
</graphml>
"""


@pytest.mark.parametrize("read", [read_graph, read_labelled_nodes])
def test_attributes_are_columns(read, tmp_path):
    path = tmp_path / "friends.graphml"
    path.write_text(TEXT)
    nodes = read(path)
    assert nodes.names == ["Ann", "Bob"] and nodes.class_names == ["old"]
    assert nodes.y.tolist() == [0, -1]
    assert nodes.feature_names == ("age",)
    graph = nodes.graph
    assert graph["node_features"].tolist() == [[3.5], [4.0]]
    assert sorted(graph["edge_index"].tolist()) == [[0, 1], [1, 0]]
    assert graph["edge_weights"].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "change, text",
    [
        (("</graphml>", ""), "must be GraphML"),
        (('target="Bob"', 'target="Eve"'), r"Received: \('Ann', 'Eve'\)"),
        ((">4<", ">young<"), "`age` must hold numbers"),
        (("node", "knot"), "with none"),
    ],
)
def test_says_what_is_wrong(change, text, tmp_path):
    path = tmp_path / "wrong.graphml"
    path.write_text(TEXT.replace(*change))
    with pytest.raises(WrongRequest, match=text):
        read_labelled_nodes(path)
