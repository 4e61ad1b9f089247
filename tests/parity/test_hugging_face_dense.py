"""DETR, SegFormer and MiT against what Hugging Face's computed."""

import importlib.util
import json
from pathlib import Path

import keras
import numpy as np
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn.ops.box_coders import box_centres
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

FOLDER = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "drawn_numbers", FOLDER / "drawn_numbers.py"
)
drawn = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn)

with np.load(FOLDER / "hf_dense.npz") as file:
    RECORDED = dict(file)
SIDE = 64


def published(name, folder):
    """The checkpoint as it was recorded: a folder of config and tensors."""
    folder.mkdir()
    shapes = json.loads(str(RECORDED[f"{name}/shapes"]))
    floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
    tensors = drawn.numbers(floats)
    for key in shapes.keys() - floats.keys():
        tensors[key] = np.array(3, "int64")
    write_tensors(folder / "model.safetensors", tensors)
    config = str(RECORDED[f"{name}/config"])
    (folder / "config.json").write_text(config)
    return tensors


def loaded(folder, name, **arguments):
    if name == "mit":
        arguments["classifier_activation"] = None
    return hugging_face.load(folder, input_shape=(SIDE, SIDE, 3), **arguments)


def outputs(model, name):
    """In the form of theirs: shares of the picture, maps without enlarging."""
    pictures = drawn.pictures(SIDE).transpose(0, 2, 3, 1)
    if name == "segformer":
        scores = keras.Model(model.input, model.get_layer("scores").output)
        return {"logits": np.moveaxis(scores(pictures), -1, 1)}
    found = model(pictures, training=False)
    if name == "mit":
        return {"logits": np.asarray(found)}
    last = np.asarray(found)[:, -1]
    boxes = np.asarray(box_centres(last[..., :4])) / SIDE
    return {"logits": last[..., 4:], "boxes": boxes}


def check(model, name):
    found = outputs(model, name)
    for key, value in found.items():
        expected = RECORDED[f"{name}/{key}"]
        assert np.abs(expected).max() > 0.5
        np.testing.assert_allclose(value, expected, atol=1e-4)


@pytest.mark.parametrize("name", ["detr", "segformer", "mit"])
def test_both_directions(name, tmp_path):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    tensors = published(name, theirs)
    model = loaded(theirs, name)
    check(model, name)

    hugging_face.save(model, ours)
    back = read_tensors(ours / "model.safetensors")
    assert {k: v.shape for k, v in back.items()} == {
        k: v.shape for k, v in tensors.items()
    }
    for key, value in back.items():
        if "num_batches" not in key:
            np.testing.assert_array_equal(value, tensors[key])
    config = json.loads((ours / "config.json").read_text())
    wanted = json.loads(str(RECORDED[f"{name}/config"]))
    alike = config.keys() & wanted.keys() - {"backbone_config"}
    assert {k: config[k] for k in alike} == {k: wanted[k] for k in alike}
    inner = config.get("backbone_config", {})
    assert inner.items() <= wanted.get("backbone_config", {}).items()


def test_batch_normalisation_of_a_detector_is_frozen(tmp_path):
    published("detr", tmp_path / "theirs")
    model = loaded(tmp_path / "theirs", "detr")
    again = type(model).from_config(model.get_config())
    for one in (model, again):
        norms = [
            layer
            for layer in one._flatten_layers()
            if isinstance(layer, keras.layers.BatchNormalization)
        ]
        assert norms and not any(norm.trainable for norm in norms)


@pytest.mark.slow  # a whole ResNet-18, under timm's names
def test_a_backbone_of_timm_is_read(tmp_path):
    published("detr_timm", tmp_path / "theirs")
    check(loaded(tmp_path / "theirs", "detr_timm"), "detr_timm")


def test_a_missing_tensor_is_named(tmp_path):
    folder = tmp_path / "theirs"
    tensors = published("segformer", folder)
    del tensors["decode_head.linear_c.1.proj.bias"]
    write_tensors(folder / "model.safetensors", tensors)
    with pytest.raises(ValueError, match="missing: .*linear_c.1.proj.bias"):
        loaded(folder, "segformer")


def test_a_segmenter_without_its_classifier_leaves_that_tensor(tmp_path):
    published("segformer", tmp_path / "theirs")
    model = loaded(tmp_path / "theirs", "segformer", include_top=False)
    assert model.output_shape == (None, SIDE // 4, SIDE // 4, 12)
    with pytest.raises(ValueError, match="must have its classifier"):
        hugging_face.save(model, tmp_path / "ours")
