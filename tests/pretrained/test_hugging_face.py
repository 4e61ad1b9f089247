import hashlib
import json

import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.models import ConvNeXt
from keras_nn.models import VisionTransformer
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

PICTURES = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3))


def vision(**options):
    return VisionTransformer(
        input_shape=(8, 8, 3),
        patch_size=4,
        hidden_dim=8,
        num_layers=1,
        num_heads=2,
        classes=3,
        **options,
    )


@pytest.fixture
def folder(tmp_path):
    hugging_face.save(vision(name="source"), tmp_path)
    return tmp_path


@pytest.fixture
def tensors(folder):
    return read_tensors(folder / "model.safetensors")


def test_a_missing_and_an_extra_tensor_are_named(folder, tensors):
    query = "vit.encoder.layer.0.attention.attention.query.weight"
    lost = tensors.pop(query)
    tensors["vit.more"] = np.zeros(2)
    tensors["vit.layernorm.bias"] = np.zeros(5)
    write_tensors(folder / "model.safetensors", tensors)
    with pytest.raises(ValueError) as error:
        hugging_face.load(folder)
    message = str(error.value)
    assert f"missing: ['{query}']" in message
    assert "left over: ['vit.more']" in message
    assert "['vit.layernorm.bias: (5,), not (8,)']" in message
    model = vision()
    before = model.get_weights()
    with pytest.raises(ValueError):
        hugging_face.assign(model, tensors)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert lost.shape == (8, 8)


def test_a_truncated_file_is_refused(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        hugging_face.load(folder)


def test_a_checksum_pins_the_weights(folder):
    content = (folder / "model.safetensors").read_bytes()
    checksum = hashlib.sha256(content).hexdigest()
    assert hugging_face.load(folder, sha256=checksum).classes == 3
    with pytest.raises(ValueError, match="must have the sha256 000"):
        hugging_face.load(folder, sha256="0" * 64)


def test_without_the_top_the_classifier_stays_behind(folder):
    features = hugging_face.load(folder, include_top=False)
    whole = hugging_face.load(folder)
    assert features.output_shape == (None, 8)
    expected = keras.Model(whole.input, whole.get_layer("pooling").output)
    x = PICTURES / 255
    np.testing.assert_allclose(features(x), expected(x), atol=1e-6)


def test_the_network_alone_is_stored_without_a_prefix(folder, tensors):
    alone = {
        name.removeprefix("vit."): value
        for name, value in tensors.items()
        if not name.startswith("classifier")
    }
    alone["pooler.dense.weight"] = np.zeros((8, 8), "float32")
    model = vision(include_top=False, pooling="cls")
    assert hugging_face.assign(model, alone) == len(model.weights)
    with pytest.raises(ValueError, match="missing: .'classifier.bias'"):
        hugging_face.assign(vision(), alone)


def test_a_classifier_preprocesses_as_the_weights_were_trained(
    folder, tmp_path
):
    mean, std = [0.5, 0.5, 0.5], [0.25, 0.5, 0.5]
    config = {"do_normalize": True, "image_mean": mean, "image_std": std}
    path = folder / "preprocessor_config.json"
    path.write_text(json.dumps(config))
    features = hugging_face.load(folder, include_top=False)
    app = ImageClassifier(features, num_classes=2)
    np.testing.assert_allclose(
        app.preprocessing(PICTURES),
        (PICTURES / 255 - mean) / std,
        rtol=1e-4,
        atol=1e-5,
    )
    app.save(tmp_path / "app.keras")
    again = keras.saving.load_model(tmp_path / "app.keras")
    assert again.backbone.preprocessing == features.preprocessing
    np.testing.assert_allclose(again(PICTURES), app(PICTURES), atol=1e-6)


def test_refuses_models_without_a_counterpart():
    with pytest.raises(ValueError, match="class token, no registers"):
        hugging_face.save(vision(num_registers=2), "unused")
    with pytest.raises(ValueError, match="must have its classifier"):
        hugging_face.save(vision(include_top=False), "unused")
    with pytest.raises(ValueError, match="Received: Sequential"):
        hugging_face.tensors(keras.Sequential())
    inside = ConvNeXt(input_shape=(8, 8, 3), depths=[1], widths=[4])
    with pytest.raises(ValueError, match="include_preprocessing=False"):
        hugging_face.save(inside, "unused")
