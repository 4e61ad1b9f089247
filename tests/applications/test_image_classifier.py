import warnings

import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications import image_classifier_settings as making
from keras_nn.applications import load
from keras_nn.layers import MixPictures
from keras_nn.models import MLP
from keras_nn.models import SimpleCNN
from keras_nn.testing import check_application
from keras_nn.testing import two_replicas
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.training import refusals


def make(**kwargs):
    network = SimpleCNN(False, input_shape=(8, 8, 1), filters=[8], units=16)
    return ImageClassifier(network, num_classes=10, **kwargs)


def test_conformance():
    def arguments():
        network = MLP(False, input_shape=(6, 6, 1), units=[8])
        return {"backbone": network, "num_classes": 3}

    check_application(
        ImageClassifier, arguments, (12, 6, 6, 1), np.arange(12) % 3
    )


def test_a_convolutional_network_compiles_whole_with_what_it_can():
    def app(augmentation):
        layers = making.augmentation(augmentation, (8, 8, 1))
        app = make(augmentation=layers, preprocess="rescale", dropout=0.1)
        app.compile()
        return app

    x = np.ones((4, 8, 8, 1), "float32")
    check_compiled_steps(app("flip"), (x, np.arange(4)))
    # Keras shifts pictures on the host only; on a TPU that is said at once.
    with pytest.raises(ValueError, match="RandomTranslation 'shift', which"):
        refusals.check_layers_compile(app("shift"))


@pytest.fixture(scope="module")
def digits():
    return data.load("digits")


@pytest.fixture(scope="module")
def trained(digits):
    keras.utils.set_random_seed(0)
    network = SimpleCNN(False, input_shape=(8, 8, 1), units=64)
    app = ImageClassifier(network, 10, class_names=digits.class_names)
    app.compile(keras.optimizers.Adam(3e-3))
    app.fit(digits, epochs=8, verbose=0)
    return app


@pytest.mark.slow
def test_learns_the_embedded_digits(trained, digits):
    result = trained.evaluate(digits.test, verbose=0, return_dict=True)
    assert result["accuracy"] > 0.95


def test_a_saved_file_holds_everything_and_loads_without_a_warning(
    trained, digits, tmp_path
):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    x, y = digits.test.x[:64], digits.test.y[:64]
    np.testing.assert_array_equal(
        loaded.predict(x, verbose=0), trained.predict(x, verbose=0)
    )
    assert loaded.class_names == list(digits.class_names)
    for kept, given in zip(
        loaded.optimizer.variables, trained.optimizer.variables, strict=True
    ):
        np.testing.assert_array_equal(kept, given)
    assert loaded.evaluate(x, y, verbose=0) == trained.evaluate(x, y, verbose=0)
    loaded.fit(x, y, verbose=0)  # and goes on training


def test_labels_are_named_and_ranked(trained, digits):
    labels = trained.predict_labels(digits.test.x[:20], top=3, verbose=0)
    assert {len(ranked) for ranked in labels} == {3}
    for ranked in labels:
        probabilities = [probability for _, probability in ranked]
        assert probabilities == sorted(probabilities, reverse=True)
    best = [ranked[0][0] for ranked in labels]
    assert np.mean(np.array(best) == digits.test.y[:20].astype(str)) > 0.8
    assert len(trained.predict_labels(digits.test.x[:1], top=99)[0]) == 10


def test_files_are_read_and_predicted(trained, digits, tmp_path):
    for index in range(6):
        picture = Image.fromarray(digits.test.x[index, ..., 0])
        picture.save(tmp_path / f"{index}.png")
    rows = trained.predict_path(tmp_path, top=2)
    assert [row["rank"] for row in rows] == [1, 2] * 6
    expected = trained.predict_labels(digits.test.x[:6], top=2, verbose=0)
    received = [(row["label"], row["probability"]) for row in rows]
    for (label, p), (name, q) in zip(received, sum(expected, []), strict=True):
        assert label == name
        assert abs(p - q) < 1e-5


def test_files_of_any_kind_are_brought_to_the_networks_size_and_colours(
    trained, digits, tmp_path
):
    digit = Image.fromarray(digits.test.x[0, ..., 0])
    digit.save(tmp_path / "a.png")
    large = digit.resize((80, 60), Image.Resampling.NEAREST)
    large.save(tmp_path / "b.png")
    digit.convert("RGB").save(tmp_path / "c.png")
    opaque = Image.new("L", (8, 8), 255)
    Image.merge("LA", (digit, opaque)).save(tmp_path / "d.png")
    Image.merge("RGBA", (*[digit] * 3, opaque)).save(tmp_path / "e.png")
    small = large.resize((8, 8), Image.Resampling.BILINEAR)
    arrays = [np.asarray(digit), np.asarray(small)]
    expected, shrunk = (
        trained.predict_labels(array[None, ..., None], top=1)[0][0]
        for array in arrays
    )
    rows = trained.predict_path(tmp_path)
    for row, (label, probability) in zip(
        rows, [expected, shrunk, *[expected] * 3], strict=True
    ):
        assert row["label"] == label
        assert row["probability"] == pytest.approx(probability, abs=0.02)


def test_own_pictures_are_measured_by_their_class_names(
    trained, digits, tmp_path
):
    for label in (3, 7):
        folder = tmp_path / str(label)
        folder.mkdir()
        for index in np.flatnonzero(digits.test.y == label)[:10]:
            picture = Image.fromarray(digits.test.x[index, ..., 0])
            picture.save(folder / f"{index}.png")
    settings = ImageClassifier.default_settings()
    split = trained.read_test(tmp_path, settings)
    assert sorted(set(split.y)) == [3, 7]
    assert trained.evaluate(split, verbose=0)[1] > 0.9
    (tmp_path / "eleven").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "eleven" / "a.png")
    with pytest.raises(ValueError, match=r"other classes, \['eleven'\]"):
        trained.read_test(tmp_path, settings)


def test_two_replicas_equal_one(digits):
    def train(app):
        app.compile(keras.optimizers.SGD(0.1, global_clipnorm=1.0))
        app.prepare(digits.train)
        x, y = digits.train.x[:75], digits.train.y[:75]
        history = app.fit(x, y, batch_size=30, epochs=2, shuffle=False)
        return app.get_weights(), history.history["loss"]

    with two_replicas().scope():
        twice = make()
    once = make()
    once.set_weights(twice.get_weights())
    weights, losses = train(once)
    weights_of_two, losses_of_two = train(twice)
    np.testing.assert_allclose(losses_of_two, losses, rtol=1e-5)
    for one, two in zip(weights, weights_of_two, strict=True):
        np.testing.assert_allclose(two, one, atol=1e-5)


@pytest.mark.slow
def test_learns_in_bfloat16_with_a_whole_classifier(digits):
    keras.utils.set_random_seed(0)
    network = MLP(
        False, input_shape=(8, 8, 1), units=[64], dtype="mixed_bfloat16"
    )
    app = ImageClassifier(network, 10)
    app.compile(keras.optimizers.Adam(3e-3))
    app.fit(digits, epochs=8, verbose=0)
    assert app.head.compute_dtype == "float32"
    assert app.evaluate(digits.test, verbose=0)[1] > 0.9


def test_inspectors_suit_pictures_and_share_one_sample(digits, tmp_path):
    app = make()
    assert len(app.inspectors(tmp_path)) == 6
    instruments = app.inspectors(
        tmp_path, digits.validation, hparams={"width": 3}
    )
    names = {type(instrument).__name__ for instrument in instruments}
    assert names >= {
        "TensorBoard",
        "GradientMonitor",
        "Throughput",
        "HParams",
        "NonFiniteGuard",
        "ActivationMonitor",
        "ConfusionMatrix",
        "PrecisionRecallCurves",
        "ReliabilityDiagram",
        "EmbeddingProjector",
        "WorstExamples",
        "SaliencyMaps",
        "FilterGallery",
        "FeatureMaps",
    }
    samples = {i.sample for i in instruments if hasattr(i, "sample")}
    assert len(samples) == 1
    assert list(tmp_path.iterdir()) == []  # nothing is written before `fit`


@pytest.mark.parametrize("pooling", [None, "avg"])
def test_takes_networks_of_keras_applications(pooling):
    network = keras.applications.MobileNet(
        (32, 32, 3), 0.25, include_top=False, weights=None, pooling=pooling
    )
    app = ImageClassifier(network, 2)
    assert app.preprocessing.mode == "tf"
    probabilities = app.predict(np.zeros((2, 32, 32, 3), "uint8"), verbose=0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_takes_a_network_that_ends_in_tokens():
    inputs = keras.Input((8, 8, 3))
    tokens = keras.layers.Reshape((64, 3))(inputs)
    app = ImageClassifier(keras.Model(inputs, tokens), 4)
    assert app.predict(np.zeros((1, 8, 8, 3)), verbose=0).shape == (1, 4)


def test_augmentation_acts_in_training_only_and_is_saved(tmp_path):
    flip = keras.layers.RandomFlip("vertical", seed=0)
    app = make(augmentation=flip, dropout=0.5)
    x = np.random.default_rng(0).uniform(0, 255, (16, 8, 8, 1))
    calm = [np.array(app(x, training=False)) for _ in range(2)]
    np.testing.assert_array_equal(*calm)
    assert not np.allclose(app(x, training=True), calm[0])
    app.compile()
    app.save(tmp_path / "a.keras")
    loaded = load(tmp_path / "a.keras")
    assert loaded.augmentation.mode == "vertical"
    assert loaded.dropout == 0.5
    np.testing.assert_array_equal(loaded(x), calm[0])


def test_a_preprocessing_layer_of_the_users_own_is_kept(tmp_path):
    app = make(preprocess=keras.layers.Rescaling(1 / 255))
    x = np.random.default_rng(0).uniform(0, 255, (4, 8, 8, 1))
    app.compile()
    app.save(tmp_path / "a.keras")
    np.testing.assert_array_equal(load(tmp_path / "a.keras")(x), app(x))
    assert make(preprocess=None).preprocessing is None


def test_config_round_trip():
    app = make(class_names=list("abcdefghij"), preprocess="rescale")
    config = app.get_config()
    clone = ImageClassifier.from_config(config)
    assert clone.get_config() == config
    assert [w.shape for w in clone.weights] == [w.shape for w in app.weights]


def test_more_than_twenty_classes_are_measured_by_the_best_five():
    network = MLP(False, input_shape=(8, 8, 1), units=[8])
    app = ImageClassifier(network, 30)
    assert [m.name for m in app.default_metrics()] == [
        "accuracy",
        "top_5_accuracy",
    ]


def test_refuses_one_class_and_names_that_do_not_fit():
    network = MLP(False, input_shape=(8, 8, 1), units=[8])
    with pytest.raises(ValueError, match="`num_classes` must be at least 2"):
        ImageClassifier(network, 1)
    with pytest.raises(ValueError, match="`class_names` must name every"):
        ImageClassifier(network, 3, class_names=["a", "b"])


@pytest.mark.parametrize("shape", [(8, 8, 3), (9, 8, 1), (64,)])
def test_refuses_pictures_of_another_shape(shape):
    app = make()
    app.compile()
    x = np.zeros((4, *shape))
    with pytest.raises(ValueError, match=r"8, 8, 1\).*shape"):
        app.predict(x, verbose=0)
    with pytest.raises(ValueError, match=r"8, 8, 1\).*shape"):
        app.fit(x, np.zeros(4), verbose=0)


@pytest.mark.parametrize("label", [-1, 10])
@pytest.mark.parametrize("jit_compile", [False, True])
def test_refuses_labels_out_of_range(label, jit_compile):
    app = make()
    app.compile(jit_compile=jit_compile)
    before = app.head.kernel.numpy()
    app.prepare(np.zeros((4, 8, 8, 1)))
    with pytest.raises(ValueError, match=f"{label}"):
        app.fit(np.zeros((4, 8, 8, 1)), np.array([0, 1, 2, label]), verbose=0)
    np.testing.assert_array_equal(app.head.kernel, before)


def test_refuses_a_network_of_several_outputs():
    inputs = keras.Input((8, 8, 1))
    network = keras.Model(inputs, {"a": inputs, "b": inputs})
    with pytest.raises(ValueError, match="`backbone` must end in one"):
        ImageClassifier(network, 2)


@pytest.mark.slow
def test_mixed_pictures_teach_their_mixed_labels():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(64, 4, 4, 1)).astype("float32")
    y = (x.mean((1, 2, 3)) > 0).astype("int64")
    app = ImageClassifier(
        MLP(False, input_shape=(4, 4, 1), units=[16]),
        2,
        mixing=MixPictures(mixup=1.0, cutmix=1.0),
        label_smoothing=0.1,
    )
    app.compile(keras.optimizers.Adam(0.02))
    app.fit(x, y, batch_size=16, epochs=30, verbose=0)
    result = app.evaluate(x, y, verbose=0, return_dict=True)
    assert result["accuracy"] > 0.85
    # Neither the mixture nor smoothing lets it be sure.
    assert app.predict(x, verbose=0).max() < 0.995
    again = ImageClassifier.from_config(app.get_config())
    assert again.mixing.mixup == 1.0 and again.label_smoothing == 0.1
