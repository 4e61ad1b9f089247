import pytest

from keras_nn.models import APPNP
from keras_nn.models import GAT
from keras_nn.models import GCN
from keras_nn.models import SAGE
from keras_nn.models import SGC


@pytest.mark.parametrize("cls", [APPNP, GAT, GCN, SAGE, SGC])
def test_all_say_what_they_score(cls):
    network = cls(features=3, classes=2)
    assert (network.features, network.classes) == (3, 2)
    assert network.output_shape == (None, None, 2)
    config = network.get_config()
    assert config["classifier_activation"] == "softmax"
    assert cls.from_config(config).get_config() == config


def test_chains_are_those_whose_layers_look_one_edge_far():
    chains = {cls for cls in (APPNP, GAT, GCN, SAGE, SGC) if cls.is_chain}
    assert chains == {GAT, SAGE}
