import numpy as np
import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import molecule

pytest.importorskip("rdkit")


def test_benzene_is_six_aromatic_carbons_in_a_ring():
    graph = check_graph(molecule(" c1ccccc1 "))
    assert graph["node_features"].shape == (6, 29)
    assert len(graph["edge_index"]) == 12
    assert (graph["node_features"] == graph["node_features"][0]).all()
    np.testing.assert_array_equal(
        graph["edge_features"], [[0, 0, 0, 1, 1, 1, 0]] * 12
    )
    # Carbon, two neighbours, one hydrogen, sp2, aromatic, in a ring.
    assert np.flatnonzero(graph["node_features"][0]).tolist() == [
        0, 12, 17, 22, 26, 27,
    ]  # fmt: skip


def test_water_is_a_node_without_edges():
    graph = check_graph(molecule("O"))
    assert graph["edge_features"].shape == (0, 7)


@pytest.mark.parametrize("text", ["C(", "", "no molecule"])
def test_refuses_what_is_no_molecule(text):
    with pytest.raises(ValueError, match="Received: "):
        molecule(text)
