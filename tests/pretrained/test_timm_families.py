import pytest

from keras_nn import models
from keras_nn.pretrained.timm_families import family


def test_what_has_no_tf_is_framed_as_torch_does():
    _, torch, _ = family("efficientnet_b0")
    cls, keras, _ = family("tf_efficientnet_b0")
    assert cls is models.EfficientNet
    assert (torch["padding"], torch["epsilon"]) == ("symmetric", 1e-5)
    assert "padding" not in keras and torch["stages"] == keras["stages"]


def test_groups_and_weighing_are_told_by_the_name():
    for width in ("32x4d", "32x8d", "64x4d"):
        _, plain, _ = family(f"resnext101_{width}")
        _, weighed, _ = family(f"seresnext101_{width}")
        assert f"{plain['groups']}x{plain['group_width']}d" == width
        assert weighed == {**plain, "squeeze": 1 / 16}


def test_names_the_networks_that_there_are():
    with pytest.raises(ValueError, match="DenseNet, Eff.*Received: 'regnet'"):
        family("regnet")
