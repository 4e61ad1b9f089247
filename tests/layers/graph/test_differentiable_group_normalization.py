import pytest

from keras_nn.layers import DifferentiableGroupNormalization
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        DifferentiableGroupNormalization,
        {"groups": 2, "weight": 0.5, "momentum": 0.8},
        packs("node_mask"),
        replicas=False,  # statistics of the nodes of a replica
    )


def test_refuses_no_groups():
    with pytest.raises(ValueError, match="Received: groups=0"):
        DifferentiableGroupNormalization(0)
