import pytest

from keras_nn.layers import EdgeConditionedRecurrence
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        EdgeConditionedRecurrence,
        {"steps": 2, "hidden_units": 5, "aggregator": "sum"},
        packs("edge_features"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        EdgeConditionedRecurrence(3, hidden_units=5),
        "edge_conditioned_recurrence",
        "edge_features",
    )


def test_refuses_no_rounds_and_edges_without_features():
    with pytest.raises(ValueError, match="Received: steps=0"):
        EdgeConditionedRecurrence(0)
    with pytest.raises(ValueError, match="Received: keys"):
        EdgeConditionedRecurrence().build({"node_features": (None, None, 2)})
