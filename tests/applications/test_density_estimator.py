import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import DensityEstimator
from keras_nn.applications import WrongRequest
from keras_nn.models import Flow
from keras_nn.testing import check_application

RNG = np.random.default_rng(0)
X = RNG.normal(2.0, 0.5, (9, 2)).astype("float32")


def flow(**kwargs):
    return Flow.from_preset("maf", (2,), depth=2, units=[8], **kwargs)


@pytest.mark.slow
def test_conformance():
    check_application(
        DensityEstimator,
        lambda: {"flow": flow(), "feature_names": ["a", "b"]},
        X,
        epochs=10,
    )


@pytest.fixture(scope="module")
def trained():
    """Two classes of points, about 0 and about 10."""
    keras.utils.set_random_seed(0)
    app = DensityEstimator(
        flow(num_classes=2),
        feature_names=["a", "b"],
        class_names=["low", "high"],
    )
    app.compile(keras.optimizers.Adam(1e-2))
    y = np.arange(400) % 2
    x = RNG.normal(0, 1, (400, 2)) + 10 * y[:, None]
    app.fit(data.Split(x.astype("float32"), y), epochs=12, verbose=0)
    return app


@pytest.mark.slow
def test_draws_the_class_asked_for_and_says_what_is_usual(trained):
    drawn = trained.generate(200, "high", seed=0)
    assert np.abs(drawn.mean(axis=0) - 10).max() < 1
    usual, odd = trained.predict(np.array([[0, 0], [5, 30]]), verbose=0)
    assert usual > odd + 3
    scores = trained.example_scores(data.Split(X, np.zeros(9, "int64")))
    assert scores["loss"].shape == (9,)
    with pytest.raises(WrongRequest, match="Received: 'middle'"):
        trained.generate(1, "middle")


def test_files_go_in_and_out(trained, tmp_path):
    trained.generate_file(tmp_path / "a.csv", 6, ["low", "high"])
    rows, _, names = data.read_table(tmp_path / "a.csv")
    assert names == ("a", "b") and rows.shape == (6, 2)
    said = trained.predict_path(tmp_path / "a.csv")
    assert [row["row"] for row in said] == [1, 2, 3, 4, 5, 6]
    (tmp_path / "b.csv").write_text("b,kind,a\n1,high,2\n3,low,4\n")
    split = trained.read_test(tmp_path / "b.csv", {"target": "kind"})
    assert split.y.tolist() == [1, 0] and split.x[0].tolist() == [2, 1]
    with pytest.raises(WrongRequest, match="in one step.*: steps=3$"):
        trained.generate_file(tmp_path / "a.csv", steps=3, sampler=None)


def test_refuses_columns_that_never_vary_and_names_that_do_not_fit():
    app = DensityEstimator(flow(), feature_names=["a", "b"])
    app.compile()
    with pytest.raises(ValueError, match=r"must vary.*Received: \['b'\]"):
        app.fit(np.array([[1.0, 2.0], [2.0, 2.0]]), verbose=0)
    with pytest.raises(ValueError, match="must be finite"):
        app.fit(np.array([[1.0, np.nan], [2.0, 2.0]]), verbose=0)
    with pytest.raises(ValueError, match="`feature_names` must hold 2"):
        DensityEstimator(flow(), feature_names=["a"])
    with pytest.raises(ValueError, match="a flow of rows"):
        DensityEstimator(Flow.from_preset("glow", (4, 4, 1), depth=1))
    with pytest.raises(WrongRequest, match="no format of export"):
        app.export("a")


def test_inspectors_show_the_density(tmp_path, trained):
    names = [
        type(i).__name__
        for i in trained.inspectors(tmp_path, data.Split(X, X[:, 0]))
    ]
    assert "DensityMap" in names
