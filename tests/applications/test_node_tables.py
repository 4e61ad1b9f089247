import numpy as np
import pytest

from keras_nn.applications import WrongRequest
from keras_nn.applications import node_tables


def test_who_a_node_is_describes_only_so_many(monkeypatch):
    rows = [["a"], ["b"], ["c"]]
    none = {"edge_index": np.zeros((0, 2), "int32")}
    found = node_tables.labelled(["name"], rows, "here", lambda ids: none)
    np.testing.assert_array_equal(found["graph"]["node_features"], np.eye(3))
    assert found["feature_names"] == ("a", "b", "c")
    monkeypatch.setattr(node_tables, "MOST_NAMES", 2)
    with pytest.raises(WrongRequest, match="Received: 3 nodes"):
        node_tables.labelled(["name"], rows, "here", lambda ids: none)
