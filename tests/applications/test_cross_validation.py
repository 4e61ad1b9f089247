import json

import numpy as np
import pytest
from scipy import stats

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications import Run
from keras_nn.applications import UnknownChoice
from keras_nn.applications import cross_validate
from keras_nn.applications import evaluate_run
from keras_nn.applications.cross_validation import summary
from keras_nn.applications.recipe_data import read_splits


@pytest.fixture(autouse=True)
def no_instruments(monkeypatch):
    monkeypatch.setattr(ImageClassifier, "inspectors", lambda *a, **k: [])


def validate(tmp_path, **kwargs):
    how = {"folds": 3, "epochs": 1, "batch_size": 128, "verbose": 0}
    return cross_validate(
        "image-classifier", log_dir=tmp_path, **{**how, **kwargs}
    )


def test_mean_and_spread_over_the_folds(tmp_path):
    run = validate(tmp_path)
    metrics = json.loads((run.path / "metrics.json").read_text())
    values = [fold["test"]["accuracy"] for fold in metrics["folds"]]
    assert [fold["run"] for fold in metrics["folds"]] == [
        *("fold-1", "fold-2", "fold-3")
    ]
    assert metrics["test"]["accuracy"] == pytest.approx(np.mean(values))
    assert metrics["deviations"]["accuracy"] == pytest.approx(
        np.std(values, ddof=1)
    )
    low, high = metrics["intervals"]["accuracy"]
    assert low < metrics["test"]["accuracy"] < high
    second = Run.open(run.path / "fold-2")
    assert second.config["fold"] == [2, 3]
    # The fold is drawn again when a run of it is evaluated later.
    again, _ = evaluate_run(second)
    assert again["accuracy"] == second.metrics["test"]["accuracy"]


def test_folds_leave_the_test_set_alone_and_test_all_the_rest_once():
    digits = data.load("digits", validation_fraction=0)
    recipe = ImageClassifier.recipes()[0]
    settings = ImageClassifier.default_settings()
    parts = [
        read_splits(ImageClassifier, recipe, None, 0, settings, (number, 4))
        for number in range(1, 5)
    ]
    tested = np.concatenate([part.test.x for part in parts])

    def rows(x):
        return sorted(map(bytes, x))

    assert rows(tested) == rows(digits.train.x)
    assert all(part.validation is None for part in parts)
    assert "fold 2 of 4, 360 examples" in parts[1].description


def test_folds_of_shards(tmp_path):
    digits = data.load("digits")
    data.write_shards(digits.test, tmp_path / "a", class_names="0123456789")
    recipe = ImageClassifier.recipes()[0]
    settings = ImageClassifier.default_settings()
    how = (ImageClassifier, recipe, tmp_path / "a", 0, settings)
    sizes = [len(read_splits(*how, (i, 2)).test) for i in (1, 2)]
    assert sum(sizes) == 359
    data.write_shards(digits, tmp_path / "b")
    how = (ImageClassifier, recipe, tmp_path / "b", 0, settings)
    with pytest.raises(ValueError, match="without a validation part"):
        read_splits(*how, (1, 2))


def test_a_refused_request_leaves_nothing(tmp_path):
    with pytest.raises(UnknownChoice, match="Unknown recipe"):
        validate(tmp_path, recipe="digit")
    with pytest.raises(ValueError, match="folds=1"):
        validate(tmp_path, folds=1)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_the_interval_is_that_of_students_t_test():
    values = np.random.default_rng(0).normal(3.0, 2.0, 9)
    mean, deviation, (low, high) = summary(values)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (low, high) == pytest.approx((expected.low, expected.high))
    assert mean == pytest.approx(values.mean())
    assert deviation == pytest.approx(stats.tstd(values))
