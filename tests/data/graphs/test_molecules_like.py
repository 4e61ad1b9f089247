import numpy as np
import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import molecules_like
from keras_nn.data.graphs.molecules_like import ATOMS


def test_the_target_is_what_atoms_and_strong_bonds_add():
    graphs, targets = molecules_like(5, seed=2)
    for graph, target in zip(map(check_graph, graphs), targets, strict=True):
        values = graph["node_features"] @ np.array(ATOMS)
        total = values.sum()
        for (a, b), kind in zip(
            graph["edge_index"], graph["edge_features"], strict=True
        ):
            total += kind[1] * values[a] * values[b] / 2  # stands twice
        assert target[0] == pytest.approx(total / len(values), abs=1e-6)


def test_refuses_sizes_that_are_none():
    with pytest.raises(ValueError, match="Received: min_nodes=3, max_nodes=2"):
        molecules_like(1, min_nodes=3, max_nodes=2)
