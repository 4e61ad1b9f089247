import pytest

from keras_nn.models import DPT
from keras_nn.models import ResNet
from keras_nn.models import VisionTransformer
from keras_nn.models.segmentation.dpt import check_indices
from keras_nn.testing import check_model

SMALL = {"token_filters": [2, 3, 4, 4], "filters": 4, "classes": 3}


def backbone(**arguments):
    given = {
        "include_top": False,
        "input_shape": (16, 32, 3),
        "patch_size": 8,
        "hidden_dim": 8,
        "num_layers": 4,
        "num_heads": 2,
    }
    return VisionTransformer(**{**given, **arguments})


@pytest.mark.slow
def test_conformance():
    def arguments():
        return {
            "backbone": backbone(),
            **SMALL,
            "normalize": True,
            "classifier_activation": None,
            "dropout": 0.0,
        }

    check_model(DPT, arguments, (3, 16, 32, 3), (3, 16, 32, 3), jit=False)


def test_reads_each_quarter_of_the_depth_or_what_is_asked_for():
    vit = backbone(patch_size=16, input_shape=(32, 32, 3))
    model = DPT(vit, include_top=False, **SMALL)
    assert model.output_shape == (None, 16, 16, 4) and model.stride == 32
    assert len(model.layers[1].outputs) == 4
    assert "layer_3" in {layer.name for layer in model.layers[1].layers}
    model = DPT(vit, layer_indices=[0, 0, 1, 2], **SMALL)
    kept = {layer.name for layer in model.layers[1].layers}
    assert "layer_2" in kept and "layer_3" not in kept
    assert check_indices(None, 12) == [2, 5, 8, 11]


def test_registers_are_left_out_and_need_no_class_token():
    vit = backbone(num_registers=2, class_token=False)
    model = DPT(vit, readout="ignore", **SMALL)
    assert model.output_shape == (None, 16, 32, 3)
    with pytest.raises(ValueError, match="`readout` must be 'ignore'"):
        DPT(vit, **SMALL)


def test_refuses_other_backbones_and_odd_numbers_of_patches():
    plain = ResNet.from_preset("resnet20", include_top=False)
    with pytest.raises(ValueError, match="must be a vision transformer"):
        DPT(plain)
    with pytest.raises(ValueError, match="multiples of 16"):
        DPT(backbone(input_shape=(24, 16, 3)))
    with pytest.raises(ValueError, match="Received: patch_size=4"):
        DPT(backbone(patch_size=4))
    with pytest.raises(ValueError, match="must name four of 4 blocks"):
        DPT(backbone(), layer_indices=[1, 2, 3, 4])
