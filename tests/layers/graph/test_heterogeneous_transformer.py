import pytest

from keras_nn.layers import HeterogeneousTransformer
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        HeterogeneousTransformer,
        {"units": 4, "node_types": 2, "edge_types": 2, "heads": 2},
        packs("node_types", "edge_types"),
    )


def test_refuses_heads_that_do_not_divide_the_units():
    with pytest.raises(ValueError, match="units=4, .* heads=3"):
        HeterogeneousTransformer(4, 2, 2, heads=3)
