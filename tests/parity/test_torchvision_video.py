"""Clip models against torchvision's (record_torchvision_video.py)."""

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest

from keras_nn.models import ResNet3D

FOLDER = Path(__file__).parent
GOLDEN = np.load(FOLDER / "torchvision_video.npz")
CLIP = (1, 3, 5, 20, 28)


def drawn_numbers():
    spec = importlib.util.spec_from_file_location(
        "drawn_numbers", FOLDER / "drawn_numbers.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.numbers


def their_name(path):
    """Torchvision's name of a weight of ours."""
    layer, weight = path.split("/")[-2:]
    weight = {
        "kernel": "weight",
        "gamma": "weight",
        "beta": "bias",
        "bias": "bias",
        "moving_mean": "running_mean",
        "moving_variance": "running_var",
    }[weight]
    if layer == "predictions":
        return f"fc.{weight}"
    place, part = layer.rsplit("_", 1)
    norm = part == "bn"
    if place.startswith("stem"):
        first = 3 if place == "stem_time" else 0
        return f"stem.{first + norm}.{weight}"
    stage, block, *inner = re.match(
        r"layer(\d)_(\d)_(shortcut|\d)_?(space|time)?", place
    ).groups()
    unit, half = inner
    prefix = f"layer{stage}.{int(block) - 1}"
    if unit == "shortcut":
        return f"{prefix}.downsample.{int(norm)}.{weight}"
    if half is None:
        return f"{prefix}.conv{unit}.{int(norm)}.{weight}"
    if half == "space":
        return f"{prefix}.conv{unit}.0.{int(norm)}.{weight}"
    inner = "1" if norm else "0.3"
    return f"{prefix}.conv{unit}.{inner}.{weight}"


@pytest.mark.parametrize("preset", ["r3d_18", "r2plus1d_18", "mc3_18"])
def test_equals_torchvision(preset):
    values = drawn_numbers()(json.loads(str(GOLDEN[f"{preset}/shapes"])))
    model = ResNet3D.from_preset(
        preset,
        input_shape=(5, 20, 28, 3),
        classes=5,
        classifier_activation=None,
    )
    for weight in model.weights:
        value = values.pop(their_name(weight.path))
        if value.ndim == 5:
            value = value.transpose(2, 3, 4, 1, 0)
        weight.assign(value.T if value.ndim == 2 else value)
    assert not values
    clip = np.random.RandomState(1).standard_normal(CLIP).astype("float32")
    logits = model(clip.transpose(0, 2, 3, 4, 1))
    expected = GOLDEN[f"{preset}/logits"]
    scale = np.abs(expected).max()
    np.testing.assert_allclose(logits / scale, expected / scale, atol=1e-4)
