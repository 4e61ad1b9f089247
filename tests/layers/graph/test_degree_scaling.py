import pytest

from keras_nn.layers import DegreeScaling
from keras_nn.layers import MessagePassing
from keras_nn.testing import check_layer


def scaling():
    scalers = ["identity", "attenuation"]
    return DegreeScaling(["sum", "max"], scalers, 1.5, 0.7, name="scaling")


def test_conformance(packs):
    assert scaling().ways == 4
    check_layer(
        MessagePassing,
        lambda: {"aggregator": scaling()},
        packs(),
        half=False,  # an aggregator has a policy of its own
    )


def test_refuses_another_scale():
    with pytest.raises(ValueError, match=r"Received: scalers=\['root'\]"):
        DegreeScaling("sum", ["root"])
    with pytest.raises(ValueError, match="average_degree=0"):
        DegreeScaling("sum", ["linear"], 0)
