import os
from pathlib import Path

import pytest

from keras_nn.applications import ObjectDetector
from keras_nn.applications import WrongRequest
from keras_nn.applications import fit_recipe
from keras_nn.applications.object_detector_recipes import RECIPES
from keras_nn.applications.object_detector_recipes import augmentation
from keras_nn.applications.object_detector_recipes import network
from keras_nn.data import names
from keras_nn.models import DETR
from keras_nn.models import FCOS
from keras_nn.models import CenterNet
from keras_nn.models import RetinaNet

BCCD = Path(os.environ.get("KERAS_NN_DATA", "absent")) / "bccd"


def test_data_and_settings_exist():
    defaults = ObjectDetector.default_settings()
    for recipe in RECIPES:
        assert recipe.data is None or recipe.data in names()
        assert set(recipe.settings) <= set(defaults)


def test_settings_describe_the_augmentation():
    settings = ObjectDetector.default_settings()
    assert augmentation(settings) is None
    layer = augmentation({**settings, "flip": "both", "zoom_in": 2.0})
    assert layer.flip == "horizontal_and_vertical"
    assert layer.zoom == (1.0, 2.0) and layer.stretch == 0


@pytest.mark.slow
def test_networks_are_made_for_the_size_of_the_pictures():
    settings = ObjectDetector.default_settings()
    without = {"weights": None}  # which are not at hand
    made = {
        r.name: network(
            r, {**settings, **r.settings, **without}, (96, 128, 3), 4
        )
        for r in RECIPES
    }
    assert made["boxes-transfer"].backbone.name == "mobilenet_v2"
    assert isinstance(made["bccd-fcos"], FCOS)
    assert made["bccd-fcos"].map_strides == [8, 16]
    assert isinstance(made["boxes"], FCOS)
    assert isinstance(made["shapes-centernet"], CenterNet)
    assert isinstance(made["shapes-retinanet"], RetinaNet)
    assert made["shapes-retinanet"].ratios == [1.0]
    assert isinstance(made["shapes-detr"], DETR)
    assert made["shapes-detr"].two_stage
    assert made["boxes"].map_strides == [8, 16, 32, 64, 128]
    settings |= {"network": "centernet", "backbone": "mobilenet_v3_small"}
    named = network(RECIPES[0], settings, (96, 128, 3), 2)
    assert isinstance(named, CenterNet) and named.num_classes == 2
    settings |= {"network": "detr", "backbone": "mobilenet_v3_small"}
    named = network(RECIPES[0], settings, (96, 128, 3), 2)
    assert isinstance(named, DETR) and named.two_stage
    assert named.num_queries == 6 * 8  # cells of a stride of 16
    settings |= {"network": "retinanet", "backbone": "mobilenet_v3_small"}
    named = network(RECIPES[0], settings, (96, 128, 3), 2)
    assert isinstance(named, RetinaNet) and named.num_classes == 2


def test_a_backbone_without_such_maps_is_refused():
    settings = {**ObjectDetector.default_settings(), "network": "fcos"}
    settings["backbone"] = "resnet20"  # strides 1, 2, 4
    with pytest.raises(WrongRequest, match="resnet20 is no backbone"):
        network(RECIPES[0], settings, (32, 32, 3), 2)


@pytest.mark.slow
def test_the_default_recipe_reaches_what_it_expects(tmp_path):
    run = fit_recipe("object-detector", log_dir=tmp_path, verbose=0)
    expected = RECIPES[0].expectation
    assert run.metrics["test"][expected.metric] >= expected.value


@pytest.mark.slow
@pytest.mark.skipif(
    not BCCD.is_dir(),
    reason="KERAS_NN_DATA names no folder with the official files in bccd/",
)
def test_blood_cells_are_found(tmp_path):
    run = fit_recipe(
        "object-detector", "bccd-fcos", str(BCCD), log_dir=tmp_path, verbose=0
    )
    assert run.metrics["test"]["ap50"] >= 0.8
