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

with np.load(FOLDER / "timm.npz") as file:
    RECORDED = dict(file)
NAMES = sorted({key.split("/")[0] for key in RECORDED})


@pytest.mark.parametrize("name", NAMES)
def test_logits_are_theirs(name, tmp_path):
    shapes = json.loads(str(RECORDED[f"{name}/shapes"]))
    floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
    tensors = drawn.numbers(floats)
    for key in shapes.keys() - floats.keys():
        tensors[key] = np.array(3, "int64")
    write_tensors(tmp_path / "model.safetensors", tensors)
    config = str(RECORDED[f"{name}/config"])
    (tmp_path / "config.json").write_text(config)

    model = timm.load(tmp_path, classifier_activation=None)
    pictures = drawn.pictures(model.input_shape[1]).transpose(0, 2, 3, 1)
    expected = RECORDED[f"{name}/logits"]
    assert np.abs(expected).max() > 1
    np.testing.assert_allclose(
        model(pictures, training=False), expected, atol=1e-4
    )
    assert model.preprocessing["mode"] in ("torch", "published")
