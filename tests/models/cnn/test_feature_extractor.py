import keras
import numpy as np
import pytest

from keras_nn.models import feature_extractor
from keras_nn.models import inception_v3_extractor
from keras_nn.models import lenet5_extractor

RNG = np.random.default_rng(0)
DARK = RNG.integers(0, 60, (40, 6, 7, 1))
X = (DARK + 150 * (np.arange(40) % 2)[:, None, None, None]).astype("uint8")
Y = np.arange(40) % 2


@pytest.mark.slow
def test_lenet5_tells_classes_apart_and_is_named():
    keras.utils.set_random_seed(0)
    features, classifier = lenet5_extractor(X, Y, epochs=5, batch_size=10)
    assert (features.name, features.output_shape) == ("lenet5", (None, 84))
    found = classifier.evaluate(X, Y, verbose=0, return_dict=True)
    assert found["accuracy"] == 1.0
    # What LeNet-5 sees: 28x28 pixels of 0 to 1.
    seen = keras.Model(features.input, features.get_layer("in_size").output)
    shown = np.asarray(seen(X[:2]))
    assert shown.shape == (2, 28, 28, 1)
    corner = X[:2, 0, 0, 0] / 255
    np.testing.assert_allclose(shown[:, 0, 0, 0], corner, rtol=1e-6)


@pytest.mark.slow
def test_pictures_as_lenet5_sees_them_are_left_alone():
    x = RNG.uniform(size=(6, 28, 28, 1)).astype("float32")
    maps, classifier = lenet5_extractor(
        x, np.arange(6) % 3, (0, 1), epochs=1, layers=["c1", "s4"]
    )
    assert type(classifier).__name__ == "LeNet5" and maps.name == "lenet5"
    first, second = maps.predict(x, verbose=0)
    assert first.shape == (6, 28, 28, 6) and second.shape == (6, 5, 5, 16)
    expected = classifier.get_layer("c1")(x)
    np.testing.assert_allclose(first, expected, atol=1e-5)


def test_refuses_what_it_cannot_be_made_of(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="`name` must be one of.*'vgg'"):
        feature_extractor("vgg", X, Y)
    with pytest.raises(ValueError, match="two classes.*labels None"):
        feature_extractor("lenet5", X)
    with pytest.raises(ValueError, match="must name layers.*'c9'"):
        lenet5_extractor(X, Y, layers=["c9"])
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    place = tmp_path / "models" / "inception_v3_weights_tf_dim_ordering"
    with pytest.raises(FileNotFoundError, match=f"notop.h5.*{place}"):
        feature_extractor("inception_v3", X)
    with pytest.raises(ValueError, match="one channel or three"):
        inception_v3_extractor((8, 8, 2))


@pytest.mark.slow
def test_inception_reads_its_file_and_sees_grey_as_colour(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(b"no weights")
    with pytest.raises(ValueError, match="does not hold the weights"):
        inception_v3_extractor((8, 8, 1), weights=path)
    keras.utils.set_random_seed(0)
    network = keras.applications.InceptionV3(
        include_top=False, weights=None, pooling="avg"
    )
    network.save_weights(tmp_path / "random.weights.h5")
    model = feature_extractor(
        "inception_v3", X, weights=tmp_path / "random.weights.h5"
    )
    assert (model.name, model.output_shape) == ("inception_v3", (None, 2048))
    assert not model.trainable_weights
    large = keras.ops.image.resize(X[:2].astype("float32"), (299, 299))
    shown = keras.applications.inception_v3.preprocess_input(
        np.repeat(np.asarray(large), 3, axis=-1)
    )
    np.testing.assert_allclose(
        model.predict(X[:2], verbose=0),
        network.predict(shown, verbose=0),
        atol=1e-4,
    )
