import pytest

from keras_nn.layers import PersonalizedPropagation
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        PersonalizedPropagation,
        {"steps": 3, "teleport": 0.2, "edge_dropout": 0.5},
        packs("edge_weights"),
    )


def test_equals_pyg(equals_pyg):
    equals_pyg(
        PersonalizedPropagation(steps=4, teleport=0.2),
        "personalized_propagation",
        "edge_weights",
    )


def test_refuses_what_is_no_share():
    with pytest.raises(ValueError, match="Received: teleport=1.5"):
        PersonalizedPropagation(teleport=1.5)


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="Received: steps=0"):
        PersonalizedPropagation(steps=0)
