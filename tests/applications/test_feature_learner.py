import keras
import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from keras_nn import data
from keras_nn.applications import FeatureLearner
from keras_nn.applications import WrongRequest
from keras_nn.models import RBM
from keras_nn.testing import check_application

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (12, 2, 2, 1)).astype("uint8")
Y = np.arange(12) % 3


def make(**kwargs):
    app = FeatureLearner(RBM((2, 2, 1), 5), **{"num_classes": 3, **kwargs})
    app.compile(keras.optimizers.Adam(1e-2))
    return app


@pytest.mark.slow
def test_conformance():
    check_application(
        FeatureLearner,
        lambda: {"learner": RBM((2, 2, 1), 5), "num_classes": 3},
        X,
        Y,
        epochs=10,
        replicas=False,
    )


def test_the_probe_is_a_logistic_regression_on_the_features(tmp_path):
    app = make(class_names=["a", "b", "c"])
    app.fit(data.Split(X, Y), epochs=2, verbose=0)
    features = app.predict(X, verbose=0)
    expected = LogisticRegression(max_iter=1000).fit(features, Y)
    np.testing.assert_allclose(
        app.probabilities(X), expected.predict_proba(features), atol=1e-3
    )
    found = app.evaluate(data.Split(X, Y), verbose=0, return_dict=True)
    assert found["probe_accuracy"] == pytest.approx(expected.score(features, Y))
    Image.fromarray(X[0, ..., 0]).save(tmp_path / "a.png")
    said = app.predict_path(str(tmp_path / "a.png"), top=2)
    assert len(said) == 2 and said[0]["label"] in "abc"


def test_two_classes_and_one_that_is_missing():
    app = make()
    app.fit(X, 2 * (Y > 0), verbose=0)  # class 1 is not there
    found = app.probabilities(X)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert found[:, 1].max() == 0
    two = LogisticRegression(max_iter=1000)
    two.fit(app.predict(X, verbose=0), Y > 0)
    np.testing.assert_allclose(
        found[:, 2],
        two.predict_proba(app.predict(X, verbose=0))[:, 1],
        atol=1e-3,
    )


def test_learns_without_labels_where_no_class_is_asked_for():
    app = make(num_classes=None)
    app.fit(X, verbose=0)
    assert app.predict(X, verbose=0).shape == (12, 5)
    with pytest.raises(ValueError, match="give `num_classes`"):
        app.predict_labels(X)
    assert app.example_scores(data.Split(X, Y)) == {}


def test_refuses_one_class_and_names_that_do_not_fit():
    with pytest.raises(ValueError, match="two classes at least"):
        make().fit(X, np.zeros(12), verbose=0)
    with pytest.raises(ValueError, match="`class_names` must name 3"):
        make(class_names=["a"])
    with pytest.raises(ValueError, match="`value_range` must rise"):
        make(value_range=(1, 1))
    with pytest.raises(WrongRequest, match="with the model that uses"):
        make().export("a")


def test_inspectors_show_what_units_look_for(tmp_path):
    names = [type(i).__name__ for i in make().inspectors(tmp_path)]
    assert "ReceptiveFields" in names
