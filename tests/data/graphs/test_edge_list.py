import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import read_edge_list


def test_an_undirected_file_gives_both_directions(tmp_path):
    (tmp_path / "a.txt").write_text("b a  # a comment\n\na c\n")
    graph, names = read_edge_list(tmp_path / "a.txt")
    assert names == ["b", "a", "c"]
    edges = sorted(map(tuple, check_graph(graph)["edge_index"].tolist()))
    assert edges == [(0, 1), (1, 0), (1, 2), (2, 1)]
    assert "edge_weights" not in graph


@pytest.mark.parametrize(
    "text, error",
    [
        ("a\n", "line 1 must be .* Received: 'a'"),
        ("a b c\n", "line 1 must be .* Received: 'a b c'"),
        ("a b 1 2\n", "line 1 must be"),
        ("a b 1\na c\n", "line 2: 'a c'"),
    ],
)
def test_says_which_line_is_no_edge(text, error, tmp_path):
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(ValueError, match=error):
        read_edge_list(tmp_path / "a.txt")
