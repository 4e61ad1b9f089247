from keras_nn.layers import LightGraphConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        LightGraphConvolution, {"normalize": True}, packs("edge_weights")
    )
