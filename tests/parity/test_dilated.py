"""Networks with holes against timm's and torchvision's (record_dilated.py)."""

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

with np.load(FOLDER / "dilated.npz") as file:
    RECORDED = dict(file)


@pytest.mark.parametrize("name, stride", [("resnet18", 16), ("resnet50", 8)])
def test_maps_are_theirs(name, stride, tmp_path):
    shapes = json.loads(str(RECORDED[f"{name}/shapes"]))
    floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
    tensors = drawn.numbers(floats)
    for key in shapes.keys() - floats.keys():
        tensors[key] = np.array(3, "int64")
    write_tensors(tmp_path / "model.safetensors", tensors)
    (tmp_path / "config.json").write_text(str(RECORDED[f"{name}/config"]))
    model = timm.load(
        tmp_path,
        include_top=False,
        output_stride=stride,
        num_filters=[8, 12, 16, 20],
    )
    assert model.strides[-1] == stride
    pictures = drawn.pictures(32).transpose(0, 2, 3, 1)
    expected = RECORDED[f"{name}/map"]
    assert expected.shape[1] == 32 // stride and np.abs(expected).max() > 1
    np.testing.assert_allclose(
        model(pictures, training=False), expected, rtol=1e-4, atol=1e-4
    )
