"""Our picture models against what timm's networks computed."""

import importlib.util
import json
from pathlib import Path

import keras
import numpy as np
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn.pretrained import timm
from keras_nn.pretrained.tensor_file import write_tensors

FOLDER = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "drawn_numbers", FOLDER / "drawn_numbers.py"
)
drawn = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn)

with (
    np.load(FOLDER / "timm.npz") as file,
    np.load(FOLDER / "timm_more.npz") as more,
):
    RECORDED = {**file, **more}
NAMES = sorted({key.split("/")[0] for key in RECORDED})
# Of which another shows the same names of tensors.
LARGE = {
    "efficientnet_b0",
    "mobilenetv2_050",
    "mobilenetv3_large_075",
    "resnext50_32x4d",
    "seresnet50",
    "seresnext50_32x4d",
    "tf_efficientnet_b1",
    "tf_mobilenetv3_small_100",
    "tf_mobilenetv3_small_minimal_100",
    "vgg11",
}
MARKED = [
    pytest.param(name, marks=[pytest.mark.slow] if name in LARGE else [])
    for name in NAMES
]


@pytest.mark.parametrize("name", MARKED)
def test_logits_are_theirs(name, tmp_path):
    shapes = json.loads(str(RECORDED[f"{name}/shapes"]))
    floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
    tensors = drawn.numbers(floats)
    for key in shapes.keys() - floats.keys():
        tensors[key] = np.array(3, "int64")
    write_tensors(tmp_path / "model.safetensors", tensors)
    config = str(RECORDED[f"{name}/config"])
    (tmp_path / "config.json").write_text(config)

    ours = json.loads(str(RECORDED.get(f"{name}/ours", "{}")))
    model = timm.load(tmp_path, classifier_activation=None, **ours)
    pictures = drawn.pictures(model.input_shape[1]).transpose(0, 2, 3, 1)
    expected = RECORDED[f"{name}/logits"]
    assert np.abs(expected).max() > 0.3
    np.testing.assert_allclose(
        model(pictures, training=False), expected, atol=1e-4
    )
    assert model.preprocessing["mode"] in ("torch", "published")
