import pytest

from keras_nn.models import DETR
from keras_nn.models import ResNet
from keras_nn.pretrained import hugging_face_dense as dense


def test_a_segmenter_is_told_from_its_encoder_alone():
    kind = {"model_type": "segformer"}
    named = {"architectures": ["SegformerForSemanticSegmentation"]}
    alone = {"architectures": ["SegformerForImageClassification"]}
    assert dense.reads({**kind, **named})
    assert not dense.reads({**kind, **alone}) and not dense.reads(kind)
    assert dense.reads({"model_type": "detr"}) and not dense.reads({})
    with pytest.raises(ValueError, match="no form without its heads"):
        config = {
            "model_type": "detr",
            "backbone_config": {
                "model_type": "resnet",
                "depths": [1],
                "hidden_sizes": [8],
            },
        }
        dense.build(config, None, False, {"input_shape": (32, 32, 3)})


def test_every_weight_has_a_place_and_none_two():
    backbone = ResNet(
        False,
        input_shape=(32, 32, 3),
        num_blocks=[1, 1],
        num_filters=[4, 8],
        bottleneck=False,
        conv_bias=False,
    )
    model = DETR(  # of the finer map: the second stage is not used
        backbone, 3, stride=4, num_queries=2, hidden_dim=8, num_heads=2,
        encoder_layers=1, decoder_layers=1, feed_forward_dim=8,
    )  # fmt: skip
    assert dense.is_ours(model) and not dense.is_ours(backbone)
    places = dense.places(model)
    assert len(places) == len(model.weights)
    assert not any("stages.1" in name for name in places)
    timm = dense.places(model, of_timm=True)
    assert len(timm) == len(places)
    assert "model.backbone.conv_encoder.model.layer1.0.bn2.bias" in timm
