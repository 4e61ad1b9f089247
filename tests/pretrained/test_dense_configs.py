import types

import pytest

from keras_nn.models import DETR
from keras_nn.models import MixTransformer
from keras_nn.models import SegFormer
from keras_nn.pretrained.dense_configs import DENSE
from keras_nn.pretrained.dense_configs import dense_arguments

DETECTOR = {
    "model_type": "detr",
    "num_labels": 3,
    "d_model": 8,
    "backbone_config": {
        "model_type": "resnet",
        "embedding_size": 4,
        "depths": [1, 1],
        "hidden_sizes": [8, 16],
    },
}
SEGMENTER = {
    "model_type": "segformer",
    "num_labels": 4,
    "depths": [1],
    "hidden_sizes": [8],
    "num_attention_heads": [2],
    "sr_ratios": [1],
    "patch_sizes": [3],
    "strides": [2],
    "mlp_ratios": [2],
}


def test_a_detector_is_read_with_its_pictures():
    preprocessor = {
        "size": {"height": 64, "width": 48},
        "image_mean": [0.5] * 3,
        "image_std": [0.25] * 3,
    }
    cls, backbone, given = dense_arguments(DETECTOR, preprocessor, {})
    assert cls is DETR and backbone.input_shape == (None, 64, 48, 3)
    assert backbone.preprocessing["published_std"] == [0.25] * 3
    assert given["stride"] == 8 and given["num_classes"] == 3
    assert given["frozen_norm"] and given["num_queries"] == 100
    other = {"input_shape": (32, 32, 3), "num_queries": 5}
    _, backbone, given = dense_arguments(DETECTOR, preprocessor, other)
    assert backbone.input_shape == (None, 32, 32, 3)
    assert given["num_queries"] == 5 and "input_shape" not in given


def test_a_size_that_is_not_said_is_that_of_the_published():
    for said in (None, {"size": {"shortest_edge": 800, "longest_edge": 1333}}):
        _, backbone, _ = dense_arguments(DETECTOR, said, {})
        assert backbone.input_shape[1:3] == (800, 1066)
    _, backbone, _ = dense_arguments(SEGMENTER, {"size": 128}, {})
    assert backbone.input_shape[1:3] == (128, 128)


def test_a_segmenter_is_read_and_written():
    cls, backbone, given = dense_arguments(
        SEGMENTER, None, {"input_shape": (16, 16, 3)}
    )
    assert cls is SegFormer and isinstance(backbone, MixTransformer)
    model = cls(backbone, **{**given, "filters": 8})
    config = DENSE[SegFormer].config_of(model)
    assert {k: config[k] for k in SEGMENTER.keys() - {"num_labels"}} == {
        k: v for k, v in SEGMENTER.items() if k != "num_labels"
    }
    assert config["decoder_hidden_size"] == 8 and len(config["id2label"]) == 4


@pytest.mark.parametrize(
    "change, message",
    [
        ({"dilation": True}, "`dilation` of a detr must be False"),
        ({"decoder_ffn_dim": 8}, "decoder_ffn_dim must be equal"),
        ({"backbone_config": None, "backbone": "convnext_tiny"}, "a ResNet"),
    ],
)
def test_what_ours_cannot_be_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        shape = {"input_shape": (32, 32, 3)}
        dense_arguments({**DETECTOR, **change}, None, shape)


def test_what_theirs_cannot_be_is_not_written():
    model = types.SimpleNamespace(two_stage=True, temperature=10_000)
    with pytest.raises(ValueError, match="two_stage=True"):
        DENSE[DETR].config_of(model)
