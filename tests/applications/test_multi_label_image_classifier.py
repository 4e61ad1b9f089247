import keras
import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import f1_score

from keras_nn import data
from keras_nn.applications import MultiLabelImageClassifier
from keras_nn.applications import fit_recipe
from keras_nn.applications import load
from keras_nn.layers import MixPictures
from keras_nn.layers import MLDecoder
from keras_nn.models import MLP
from keras_nn.testing import check_application

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (12, 6, 6, 3)).astype("uint8")
Y = RNG.integers(0, 2, (12, 3)).astype("float32")


def make(**kwargs):
    network = MLP(False, input_shape=(6, 6, 3), units=[8])
    return MultiLabelImageClassifier(network, 3, ["a", "b", "c"], **kwargs)


def arguments():
    network = MLP(False, input_shape=(6, 6, 3), units=[8])
    return {"backbone": network, "num_classes": 3, "threshold": 0.4}


@pytest.mark.slow
def test_conformance():
    check_application(MultiLabelImageClassifier, arguments, X, Y)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    app = make(mixing=MixPictures(mixup=0.2, cutmix=0.0, seed=0))
    app.compile()
    app.fit(X, Y, epochs=2, verbose=0)
    return app


def test_metrics_are_those_of_the_field(trained, tmp_path):
    found = trained.predict(X, verbose=0)
    result = trained.evaluate(X, Y, verbose=0, return_dict=True)
    for kind in ("micro", "macro"):
        expected = f1_score(Y, found > 0.5, average=kind, zero_division=0)
        assert result[f"{kind}_f1"] == pytest.approx(expected, abs=1e-5)
    split = data.Split(X, Y)
    for name, values in trained.example_scores(split).items():
        assert result[name] == pytest.approx(values.mean(), abs=1e-5)
    trained.save(tmp_path / "a.keras")
    loaded = load(tmp_path / "a.keras")
    assert loaded.evaluate(X, Y, verbose=0, return_dict=True) == result
    labels = trained.predict_labels(X, threshold=0.01)
    assert all(len(one) == 3 for one in labels)
    shown, shares = trained.augmented(X, Y)
    assert shown.shape == X.shape and shares.shape == Y.shape


def test_files_are_predicted_explained_and_measured(trained, tmp_path):
    for index in range(3):
        Image.fromarray(X[index]).save(tmp_path / f"{index}.png")
    rows = trained.predict_path(tmp_path)
    probabilities = trained.predict(X[:3], verbose=0)
    for row, of_picture in zip(rows, probabilities, strict=True):
        there = [n for n, p in zip("abc", of_picture, strict=True) if p > 0.5]
        assert row["labels"] == " ".join(there)
        assert row["probability_b"] == pytest.approx(of_picture[1], abs=1e-5)
    (row, *_) = trained.explain_path(
        tmp_path, tmp_path / "why", "input-x-gradient", "b"
    )
    assert row["label"] == "b"
    assert row["probability"] == pytest.approx(probabilities[0, 1], abs=1e-5)
    (tmp_path / "labels.csv").write_text("f,c,a\n0,1,0\n2.png,1,1\n")
    settings = MultiLabelImageClassifier.default_settings()
    split = trained.read_test(tmp_path, settings)
    assert split.y.tolist() == [[0, 0, 1], [1, 0, 1]]


def test_queries_may_look_at_places_in_place_of_pooling():
    inputs = keras.Input((6, 6, 3))
    network = keras.Model(inputs, keras.layers.Conv2D(4, 3)(inputs))
    given = {"hidden_dim": 4, "num_heads": 2, "feed_forward_dim": 4}
    decoder = MLDecoder(3, 2, **given, activation="sigmoid", name="head")
    app = MultiLabelImageClassifier(network, 3, decoder=decoder)
    found = app.predict(X, verbose=0)
    assert found.shape == (12, 3) and 0 < found.min() < found.max() < 1
    clone = MultiLabelImageClassifier.from_config(app.get_config())
    assert clone.decoder.get_config() == decoder.get_config()
    with pytest.raises(ValueError, match="a score for each class"):
        MultiLabelImageClassifier(network, 2, decoder=decoder)


def test_wrong_labels_are_refused():
    app = make()
    app.compile()
    app.prepare(X)
    for y in (np.arange(12) % 2, Y[:, :2]):
        with pytest.raises(ValueError, match="must be a row of 0 and 1"):
            app.fit(X, y, verbose=0)
    with pytest.raises(ValueError, match="binary cross-entropy. Rec.*2.0"):
        app.fit(X, 2 * Y, verbose=0)
    with pytest.raises(ValueError, match="threshold=1"):
        make(threshold=1)


@pytest.mark.slow
def test_it_learns_which_shapes_are_there(tmp_path):
    keras.utils.set_random_seed(0)
    run = fit_recipe(
        "multi-label-image-classifier", log_dir=tmp_path, verbose=0
    )
    assert run.metrics["test"]["mean_average_precision"] > 0.88
