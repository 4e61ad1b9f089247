import pytest

from keras_nn.layers import SelfAttentionPooling
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        SelfAttentionPooling,
        {"ratio": 0.6},
        packs("graph_ids", "node_mask", "edge_weights"),
    )
