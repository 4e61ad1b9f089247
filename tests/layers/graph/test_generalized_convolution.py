from keras_nn.layers import GeneralizedConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        GeneralizedConvolution,
        {
            "units": 4,
            "aggregator": "max",
            "use_edge_features": True,
            "normalize_messages": True,
            "normalize_hidden": False,
        },
        packs("edge_features"),
    )
