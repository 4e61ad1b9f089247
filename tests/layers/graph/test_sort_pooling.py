import pytest

from keras_nn.layers import SortPooling
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(SortPooling, {"nodes": 2}, packs("graph_ids", "node_mask"))


def test_refuses_no_nodes():
    with pytest.raises(ValueError, match="Received: nodes=0"):
        SortPooling(0)
