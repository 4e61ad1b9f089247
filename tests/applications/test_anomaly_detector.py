import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn import models
from keras_nn.applications import AnomalyDetector
from keras_nn.applications import WrongRequest
from keras_nn.applications.anomaly_files import example_shape
from keras_nn.testing import check_application

RNG = np.random.default_rng(0)
X = RNG.normal(5.0, [1, 10, 0.1], (9, 3)).astype("float32")


def autoencoder(shape=(3,)):
    return models.Autoencoder(
        models.DenseEncoder(shape, output_units=2, units=[8]),
        models.DenseDecoder(2, shape, units=[8]),
    )


@pytest.mark.slow
def test_conformance():
    check_application(
        AnomalyDetector,
        lambda: {"model": autoencoder(), "quantile": 0.8},
        X,
        epochs=10,
    )


def vae():
    return models.VAE(
        models.DenseEncoder((3,), output_units=2, units=[8]),
        models.DenseDecoder(1, (3,), units=[8]),
        likelihood="gaussian",
    )


def svdd():
    layers = [keras.Input((3,)), keras.layers.Dense(2, use_bias=False)]
    return models.DeepSVDD(keras.Sequential(layers))


def maf():
    return models.Flow.from_preset("maf", (3,), depth=1, units=[8])


@pytest.mark.parametrize("model", [autoencoder, vae, svdd, maf])
def test_finds_what_is_far_away_and_its_file_does_too(model, tmp_path):
    keras.utils.set_random_seed(0)
    x = RNG.normal(5.0, [1, 10, 0.1], (240, 3)).astype("float32")
    y = (np.arange(240) % 6 == 0).astype("int64")
    x[y == 1] += np.array([0, 0, 5], "float32")  # 50 deviations away
    app = AnomalyDetector(model(), anomalous=[1], quantile=0.9)
    app.compile()
    app.fit(data.Split(x[:180], y[:180]), epochs=3, verbose=0)
    # The statistics are those of usual examples alone.
    assert float(app.deviation[2]) < 0.2
    test = data.Split(x[180:], y[180:])
    found = app.evaluate(test, verbose=0, return_dict=True)
    assert found["roc_auc"] > 0.99 and found["average_precision"] > 0.95
    assert found["flagged_anomalous"] == 1 and found["flagged_usual"] < 0.3
    app.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(loaded.flags(x), app.flags(x))


def test_the_threshold_is_a_quantile_of_usual_scores():
    app = AnomalyDetector(autoencoder(), quantile=0.75)
    app.compile()
    app.fit(X, validation_data=(X[:4], None), verbose=0)
    assert app.flags(X[:4]).sum() == 1


def test_pictures_are_scaled_by_their_range(tmp_path):
    app = AnomalyDetector(autoencoder((2, 2, 1)), value_range=(0, 255))
    assert float(app.scaled(np.full((1, 2, 2, 1), 51.0))[0, 0, 0, 0]) == (
        pytest.approx(0.2)
    )
    assert example_shape(app.model) == (2, 2, 1)


def test_predicts_rows_of_a_file(tmp_path):
    app = AnomalyDetector(autoencoder(), feature_names=["a", "b", "c"])
    app.compile()
    app.fit(X, verbose=0)
    (tmp_path / "a.csv").write_text("c,b,a\n5,5,5\n900,5,5\n")
    first, second = app.predict_path(tmp_path / "a.csv")
    assert second["anomaly"] and second["score"] > first["score"]


def test_says_what_it_cannot_do():
    app = AnomalyDetector(autoencoder(), anomalous=[1])
    app.compile()
    with pytest.raises(ValueError, match="must be usual examples"):
        app.fit(X, np.ones(9), verbose=0)
    with pytest.raises(ValueError, match="`quantile` must be between"):
        AnomalyDetector(autoencoder(), quantile=1.0)
    with pytest.raises(ValueError, match="must have an `encoder`"):
        AnomalyDetector(keras.layers.Dense(2))
    with pytest.raises(WrongRequest, match="keeps its scores"):
        app.export("a")
    constant = np.ones((8, 3), "float32")
    app.fit(constant, np.zeros(8), verbose=0)
    assert np.isfinite(app.predict(constant, verbose=0)).all()


def test_inspectors_compare_the_groups(tmp_path):
    app = AnomalyDetector(autoencoder(), anomalous=[1])
    split = data.Split(X, np.arange(9) % 2)
    shown = app.inspectors(tmp_path, split)[-1]
    sizes = {name: len(group) for name, group in shown.groups.items()}
    assert sizes == {"usual": 5, "anomalous": 4}
