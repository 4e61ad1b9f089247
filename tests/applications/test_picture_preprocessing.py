import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn import data
from keras_nn.applications import picture_preprocessing
from keras_nn.applications.picture_preprocessing import MODES
from keras_nn.applications.picture_preprocessing import PicturePreprocessing
from keras_nn.applications.picture_preprocessing import preprocessing_for
from keras_nn.applications.picture_preprocessing import some_pictures
from keras_nn.models import MLP
from keras_nn.testing import check_layer

PICTURES = np.random.default_rng(0).integers(0, 256, (2000, 4, 5, 3), "uint8")


@pytest.mark.parametrize("mode", MODES)
def test_conformance(mode):
    check_layer(PicturePreprocessing, {"mode": mode}, (2, 4, 4, 3))


@pytest.mark.parametrize(
    ("mode", "keras_mode"), [("tf", "tf"), ("torch", "torch"), ("caffe", None)]
)
def test_equals_what_keras_applications_do(mode, keras_mode):
    x = PICTURES[:2].astype("float32")
    expected = keras.applications.imagenet_utils.preprocess_input(
        x.copy(), mode=keras_mode or "caffe"
    )
    received = keras.ops.convert_to_numpy(PicturePreprocessing(mode)(x))
    np.testing.assert_allclose(received, expected, atol=1e-4)


def test_standardised_training_pictures_have_mean_zero_and_variance_one():
    layer = PicturePreprocessing()
    layer.build((None, 4, 5, 3))
    assert layer.needs_adapt
    layer.adapt(PICTURES)
    assert not layer.needs_adapt
    y = keras.ops.convert_to_numpy(layer(PICTURES))
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), 1, atol=1e-4)


def test_a_channel_without_contrast_stays_finite():
    layer = PicturePreprocessing()
    layer.adapt(np.full((3, 2, 2, 1), 7))
    assert float(np.max(np.abs(layer(np.full((1, 2, 2, 1), 7))))) == 0


def test_what_was_measured_is_saved(tmp_path):
    layer = PicturePreprocessing()
    layer.adapt(PICTURES)
    model = keras.Sequential([keras.Input((4, 5, 3)), layer])
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    assert not loaded.layers[0].needs_adapt
    np.testing.assert_array_equal(
        loaded.layers[0].mean.numpy(), layer.mean.numpy()
    )


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("ResNet50", "caffe"),
        ("ResNet50V2", "tf"),
        ("DenseNet121", "torch"),
        ("MobileNet", "tf"),
        ("VGG16", "caffe"),
    ],
)
def test_networks_of_keras_applications_get_what_they_expect(name, mode):
    # The name decides; a stand-in of the same name need not be built whole.
    built = {
        "ResNet50": "resnet50",
        "ResNet50V2": "resnet50v2",
        "DenseNet121": "densenet121",
        "MobileNet": "mobilenet_1.00_224",
        "VGG16": "vgg16",
    }[name]
    inputs = keras.Input((8, 8, 3))
    network = keras.Model(inputs, keras.layers.Flatten()(inputs), name=built)
    assert preprocessing_for(network).mode == mode


def test_a_network_that_preprocesses_itself_gets_nothing():
    network = keras.applications.MobileNetV3Small(
        (32, 32, 3), weights=None, include_top=False
    )
    assert preprocessing_for(network) is None


def test_other_networks_get_standardised_pictures():
    network = MLP(False, input_shape=(8, 8, 1), name="resnet50")
    assert preprocessing_for(network).mode == "standardize"


def test_looks_at_some_of_whatever_fit_takes():
    y = np.zeros(2000, "int64")
    for x in (
        PICTURES,
        data.Split(PICTURES, y),
        tf.data.Dataset.from_tensor_slices((PICTURES, y)).batch(50),
    ):
        assert some_pictures(x, limit=100).shape == (100, 4, 5, 3)
    assert len(some_pictures(PICTURES)) == 2000


def test_large_pictures_are_fewer(monkeypatch):
    monkeypatch.setattr(picture_preprocessing, "_IN_ALL", 60 * 100)
    monkeypatch.setattr(picture_preprocessing, "_AT_ONCE", 60 * 7)
    y = np.zeros(2000, "int64")
    for x in (
        PICTURES,
        data.Split(PICTURES, y),
        tf.data.Dataset.from_tensor_slices((PICTURES, y)).batch(50),
    ):
        assert some_pictures(x).shape == (100, 4, 5, 3)
    layer = PicturePreprocessing()
    layer.adapt(PICTURES[:100])
    np.testing.assert_allclose(
        layer.mean, PICTURES[:100].mean(axis=(0, 1, 2)), rtol=1e-5
    )


def test_does_not_use_up_a_generator():
    with pytest.raises(ValueError, match="adapt.*Received: generator"):
        some_pictures(x for x in PICTURES)


def test_refuses_an_unknown_mode_grey_imagenet_and_no_pictures():
    with pytest.raises(ValueError, match="`mode` must be one of"):
        PicturePreprocessing("zca")
    with pytest.raises(ValueError, match="takes pictures of 3 channels"):
        PicturePreprocessing("torch").build((None, 4, 4, 1))
    with pytest.raises(ValueError, match="no picture to adapt to"):
        PicturePreprocessing().adapt(PICTURES[:0])


def test_published_numbers_are_taken():
    arguments = {
        "mode": "published",
        "published_mean": [0.1, 0.2, 0.3],
        "published_std": [0.5, 0.25, 1.0],
    }
    check_layer(PicturePreprocessing, arguments, (2, 4, 4, 3))
    found = PicturePreprocessing(**arguments)(np.full((1, 1, 1, 3), 255.0))
    np.testing.assert_allclose(found[0, 0, 0], [1.8, 3.2, 0.7], rtol=1e-5)
    with pytest.raises(ValueError, match="belong to the mode 'published'"):
        PicturePreprocessing("torch", published_mean=[0.0] * 3)
    with pytest.raises(ValueError, match="published_std=None"):
        PicturePreprocessing("published", published_mean=[0.0] * 3)


def test_our_networks_with_published_weights_say_what_they_expect():
    from keras_nn.models import ResNet

    network = ResNet.from_preset(
        "resnet20", input_shape=(32, 32, 3), preprocessing={"mode": "caffe"}
    )
    assert preprocessing_for(network).mode == "caffe"
    again = ResNet.from_config(network.get_config())
    assert preprocessing_for(again).mode == "caffe"
