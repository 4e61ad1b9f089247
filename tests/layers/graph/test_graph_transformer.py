import pytest

from keras_nn.layers import GraphTransformer
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        GraphTransformer,
        {"units": 3, "heads": 2},
        packs(),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(GraphTransformer(3, heads=2), "graph_transformer")


def test_refuses_no_heads():
    with pytest.raises(ValueError, match="Received: heads=0"):
        GraphTransformer(3, heads=0)
