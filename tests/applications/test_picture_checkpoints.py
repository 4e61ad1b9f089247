import json

import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import ImageSegmenter
from keras_nn.applications import ObjectDetector
from keras_nn.applications import WrongRequest
from keras_nn.applications.picture_checkpoints import is_checkpoint
from keras_nn.applications.picture_checkpoints import published_features
from keras_nn.models import DETR
from keras_nn.models import MixTransformer
from keras_nn.models import ResNet
from keras_nn.models import SegFormer
from keras_nn.models import SimpleCNN
from keras_nn.models import VisionTransformer
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.keras_applications import keras_application

RNG = np.random.default_rng(0)
SIZE = {"input_shape": (32, 32, 3)}  # a ResNet's checkpoint names none
X = RNG.integers(0, 256, (5, 32, 32, 3)).astype("uint8")


def vit():
    return VisionTransformer(
        input_shape=(32, 32, 3),
        patch_size=8,
        hidden_dim=8,
        num_layers=2,
        num_heads=2,
        classes=3,
    )


@pytest.fixture(params=["vit", "resnet"])
def folder(request, tmp_path):
    """A checkpoint as Hugging Face keeps it, with names and numbers."""
    if request.param == "vit":
        model = vit()
    else:
        model = ResNet(
            input_shape=(32, 32, 3),
            num_blocks=[1, 1],
            num_filters=[4, 8],
            bottleneck=False,
            conv_bias=False,
            downsample="middle",
            epsilon=1e-5,
            momentum=0.9,
            classes=3,
            stem_filters=4,
        )
    model.set_weights(
        [RNG.uniform(0.1, 0.3, w.shape) for w in model.get_weights()]
    )
    hugging_face.save(model, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {"0": "ant", "1": "bee", "2": "cat"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "preprocessor_config.json").write_text(
        json.dumps({"image_mean": [0.5] * 3, "image_std": [0.5] * 3})
    )
    return model, tmp_path


def test_a_published_classifier_goes_on_saying_what_it_said(folder, tmp_path):
    model, path = folder
    app = ImageClassifier.from_pretrained(path, loading=SIZE)
    assert app.class_names == ["ant", "bee", "cat"]
    expected = model.predict((X / 255 - 0.5) / 0.5, verbose=0)
    found = app.predict(X, verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    app.compile()
    app.save(tmp_path / "app.keras")
    again = keras.saving.load_model(tmp_path / "app.keras")
    np.testing.assert_allclose(again.predict(X, verbose=0), found, atol=1e-6)


def test_for_other_classes_the_features_are_kept(folder):
    model, path = folder
    app = ImageClassifier.from_pretrained(
        path, 2, class_names=["no", "yes"], dropout=0.1, loading=SIZE
    )
    assert app.class_names == ["no", "yes"] and app.dropout == 0.1
    assert type(app.backbone) is type(model)
    assert not app.backbone.include_top
    assert app.preprocessing.mode == "published"
    features = keras.Model(model.input, model.get_layer("predictions").input)
    np.testing.assert_allclose(
        app.backbone.predict(X / 255.0, verbose=0),
        features.predict(X / 255.0, verbose=0),
        atol=1e-5,
    )


@pytest.mark.slow
def test_a_network_of_keras_applications_by_its_name(tmp_path):
    path = str(tmp_path / "theirs.weights.h5")
    shape = (32, 32, 3)
    theirs = keras_application("mobilenet_v2_35", input_shape=shape, classes=4)
    theirs.save_weights(path)
    loading = {"weights": path, "input_shape": shape, "classes": 4}
    app = ImageClassifier.from_pretrained("mobilenet_v2_35", loading=loading)
    assert app.preprocessing.mode == "tf"
    np.testing.assert_allclose(
        app.predict(X, verbose=0),
        theirs.predict(X / 127.5 - 1, verbose=0),
        atol=1e-5,
    )


def test_a_published_detector_goes_on_and_begins_anew(tmp_path):
    backbone = ResNet(
        False,
        input_shape=(32, 32, 3),
        num_blocks=[1],
        num_filters=[4],
        bottleneck=False,
        conv_bias=False,
        epsilon=1e-5,
        stem_filters=4,
    )
    network = DETR(
        backbone, 2, stride=4, num_queries=3, hidden_dim=8, num_heads=2,
        encoder_layers=1, decoder_layers=1, feed_forward_dim=8,
    )  # fmt: skip
    hugging_face.save(network, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"] = {"0": "ant", "1": "bee"}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "preprocessor_config.json").write_text(
        json.dumps({"image_mean": [0.5] * 3, "image_std": [0.5] * 3})
    )
    app = ObjectDetector.from_pretrained(tmp_path, loading=SIZE)
    assert app.class_names == ["ant", "bee"] and app.letterbox
    assert app.preprocessing.mode == "published"
    expected = network(X / 127.5 - 1)
    np.testing.assert_allclose(app(X), expected, atol=1e-4)
    other = ObjectDetector.from_pretrained(tmp_path, 5, SIZE, letterbox=False)
    assert other.num_classes == 5 and not other.letterbox
    np.testing.assert_allclose(  # boxes are said by what was kept
        other(X)[..., :4], expected[..., :4], atol=1e-4
    )
    with pytest.raises(WrongRequest, match="classifier takes.*'detr'"):
        ImageClassifier.from_pretrained(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "vit"}')
    with pytest.raises(WrongRequest, match="checkpoint of a DETR.*'vit'"):
        ObjectDetector.from_pretrained(tmp_path)


def test_a_published_segmenter_goes_on_and_begins_anew(tmp_path):
    backbone = MixTransformer(
        False, input_shape=(32, 32, 3), depths=[1], widths=[4], num_heads=[1],
        reductions=[1], patch_sizes=[3], patch_strides=[2],
    )  # fmt: skip
    network = SegFormer(backbone, classes=3, filters=4, dropout=0.0)
    hugging_face.save(network, tmp_path)
    app = ImageSegmenter.from_pretrained(
        tmp_path, loading=SIZE, preprocess=None
    )
    assert app.class_names == ["LABEL_0", "LABEL_1", "LABEL_2"]
    pictures = X / 255
    np.testing.assert_allclose(
        app.predict(pictures, verbose=0),
        network.predict(pictures, verbose=0),
        atol=1e-4,
    )
    other = ImageSegmenter.from_pretrained(tmp_path, 2, SIZE)
    assert other.output_shape == (None, 32, 32, 2)
    with pytest.raises(WrongRequest, match="checkpoint of a DETR"):
        ObjectDetector.from_pretrained(tmp_path)
    hugging_face.save(MixTransformer(**{**backbone.get_config(),
        "include_top": True, "classes": 2}), tmp_path)  # fmt: skip
    with pytest.raises(WrongRequest, match="SegFormer with its decoder"):
        ImageSegmenter.from_pretrained(tmp_path)


def test_a_run_of_ours(tmp_path):
    network = SimpleCNN(False, input_shape=(8, 8, 1), filters=[4], units=5)
    app = ImageClassifier(network, 3, class_names=["a", "b", "c"])
    x = RNG.integers(0, 16, (6, 8, 8, 1))
    app.prepare(x)
    app.save(tmp_path / "model.keras")
    again = ImageClassifier.from_pretrained(tmp_path)
    np.testing.assert_array_equal(
        again.predict(x, verbose=0), app.predict(x, verbose=0)
    )
    assert again.class_names == ["a", "b", "c"]
    other = ImageClassifier.from_pretrained(tmp_path / "model.keras", 7)
    assert other.output_shape == (None, 7) and other.class_names is None
    np.testing.assert_array_equal(
        other.backbone.get_weights()[0], app.backbone.get_weights()[0]
    )
    np.testing.assert_array_equal(
        other.preprocessing.mean, app.preprocessing.mean
    )
    with pytest.raises(ValueError, match="says by itself how it is loaded"):
        ImageClassifier.from_pretrained(tmp_path, loading={"weights": None})
    keras.Sequential([keras.Input((2,))]).save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="Received: a Sequential"):
        ImageClassifier.from_pretrained(tmp_path)


def test_offline_it_says_what_to_do(monkeypatch):
    def get_file(*args, **kwargs):
        raise Exception("URL fetch failure on https://a.b/c.h5: None -- no")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", get_file)
    with pytest.raises(FileNotFoundError, match="hand over its path"):
        ImageClassifier.from_pretrained("vgg16", 2)
    for name in ("resnet5", "./absent", "absent.keras"):
        with pytest.raises(FileNotFoundError, match=f"Received: .*{name}"):
            ImageClassifier.from_pretrained(name, 2)


def test_refuses_pictures_that_do_not_fit(tmp_path):
    hugging_face.save(vit(), tmp_path)
    with pytest.raises(WrongRequest, match=r"of shape \(40, 40, 3\)"):
        published_features(tmp_path, input_shape=(40, 40, 3))


def test_what_is_a_checkpoint(tmp_path):
    assert is_checkpoint(tmp_path)
    assert is_checkpoint("microsoft/resnet-50")
    assert not is_checkpoint("imagenet")
    assert not is_checkpoint("weights/absent.h5")
    (tmp_path / "a.h5").write_bytes(b"")
    assert not is_checkpoint(tmp_path / "a.h5")
