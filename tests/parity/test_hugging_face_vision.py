"""Our picture models against what Hugging Face's networks computed."""

import importlib.util
import json
from pathlib import Path

import keras
import numpy as np
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

FOLDER = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "drawn_numbers", FOLDER / "drawn_numbers.py"
)
drawn = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn)

with np.load(FOLDER / "hf_vision.npz") as file:
    RECORDED = dict(file)
NAMES = sorted({key.split("/")[0] for key in RECORDED})


def published(name, folder):
    """The checkpoint as it was recorded: a folder of config and tensors."""
    shapes = json.loads(str(RECORDED[f"{name}/shapes"]))
    floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
    tensors = drawn.numbers(floats)
    for key in shapes.keys() - floats.keys():
        tensors[key] = np.array(3, "int64")
    write_tensors(folder / "model.safetensors", tensors)
    config = str(RECORDED[f"{name}/config"])
    (folder / "config.json").write_text(config)
    return tensors


def arguments(name):
    """Theirs take pictures of any size, which a configuration leaves out."""
    given = {"classifier_activation": None}
    if name.startswith(("resnet", "convnext")):
        given["input_shape"] = (32, 32, 3)
    return given


@pytest.mark.parametrize("name", NAMES)
def test_both_directions(name, tmp_path):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    tensors = published(name, theirs)
    model = hugging_face.load(theirs, **arguments(name))
    pictures = drawn.pictures(model.input_shape[1]).transpose(0, 2, 3, 1)
    logits = model(pictures, training=False)
    expected = RECORDED[f"{name}/logits"]
    assert np.abs(expected).max() > 1
    np.testing.assert_allclose(logits, expected, atol=1e-4)

    hugging_face.save(model, ours)
    back = read_tensors(ours / "model.safetensors")
    assert {k: v.shape for k, v in back.items()} == {
        k: v.shape for k, v in tensors.items()
    }
    for key, value in back.items():
        if "num_batches" not in key:
            np.testing.assert_array_equal(value, tensors[key])
    again = hugging_face.load(ours, **arguments(name))
    np.testing.assert_array_equal(again(pictures, training=False), logits)


@pytest.mark.parametrize("name", ["vit", "swin", "resnet_bottleneck"])
def test_what_is_written_is_configured_as_theirs(name, tmp_path):
    published(name, tmp_path)
    theirs = json.loads(str(RECORDED[f"{name}/config"]))
    model = hugging_face.load(tmp_path, **arguments(name))
    hugging_face.save(model, tmp_path / "ours")
    ours = json.loads((tmp_path / "ours" / "config.json").read_text())
    shared = ours.keys() & theirs.keys()
    assert {k: ours[k] for k in shared} == {k: theirs[k] for k in shared}
    assert len(ours.keys() - theirs.keys() - {"image_size"}) == 0
