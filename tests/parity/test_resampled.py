"""Resampled positions against torch's and Hugging Face's."""

import importlib.util
import json
from pathlib import Path

import keras
import numpy as np
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.resampled_positions import bicubic
from keras_nn.pretrained.tensor_file import write_tensors

FOLDER = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "drawn_numbers", FOLDER / "drawn_numbers.py"
)
drawn = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn)

with np.load(FOLDER / "resampled.npz") as file:
    RECORDED = dict(file)


@pytest.mark.parametrize("size", [(8, 9), (3, 2), (5, 4)])
def test_maps_are_torchs(size):
    values = drawn.numbers({"map": (5, 4, 2)})["map"]
    expected = RECORDED[f"map/{size[0]}x{size[1]}"]
    np.testing.assert_allclose(bicubic(values, size), expected, atol=1e-6)


def test_a_vit_at_another_size_is_hugging_faces(tmp_path):
    shapes = json.loads(str(RECORDED["vit/shapes"]))
    write_tensors(tmp_path / "model.safetensors", drawn.numbers(shapes))
    (tmp_path / "config.json").write_text(str(RECORDED["vit/config"]))
    model = hugging_face.load(
        tmp_path,
        input_shape=(48, 32, 3),
        resample=True,
        classifier_activation=None,
    )
    pictures = drawn.pictures(48)[..., :32].transpose(0, 2, 3, 1)
    logits = model(pictures, training=False)
    expected = RECORDED["vit/logits"]
    assert np.abs(expected).max() > 1
    np.testing.assert_allclose(logits, expected, atol=1e-4)
