"""What PyTorch Geometric's models computed, and the graph they did it on."""

import functools
from pathlib import Path

import numpy as np
import pytest

from keras_nn.data.graphs import pack

PARITY = Path(__file__).parents[2] / "parity"


@functools.cache
def arrays(name):
    with np.load(PARITY / name) as file:
        return {
            key: value.astype("int32" if value.dtype.kind == "i" else "float32")
            for key, value in file.items()
            if value.dtype.kind in "if"
        }


@pytest.fixture
def recorded():
    """The arrays of tests/parity/pyg_models.npz."""
    return arrays("pyg_models.npz")


@pytest.fixture
def golden_pack():
    """The recorded graph as one pack, with chosen keys."""

    def make(*keys):
        found = arrays("pyg.npz")
        return pack([{key: found[f"graph/{key}"] for key in keys}])

    return make


@pytest.fixture
def two_packs():
    """Two packs of small graphs with padding, and links with labels."""
    generator = np.random.default_rng(0)
    edges = [[0, 1], [1, 0], [2, 3], [3, 3], [-1, -1]]
    edges = np.array([edges, [[0, 0], [1, 2], [1, 2], [3, 4], [4, 1]]])
    links = np.array([[[0, 1], [2, 3], [1, 3], [0, 2]]] * 2)
    links[1, 1] = links[1, 3] = -1
    mask = np.array([[True] * 4 + [False], [True] * 5])
    x = {
        "node_features": generator.normal(size=(2, 5, 3)).astype("float32"),
        "edge_index": edges.astype("int32"),
        "link_index": links.astype("int32"),
        "node_mask": mask,
        "graph_ids": np.where(mask, 0, -1).astype("int32"),
        "graph_mask": np.ones((2, 1), bool),
    }
    return x, np.array([[1, 1, 0, 0]] * 2)
