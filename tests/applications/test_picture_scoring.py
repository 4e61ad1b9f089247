import random

import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import Run
from keras_nn.applications import WrongRequest
from keras_nn.applications import evaluate_run
from keras_nn.applications import fit_recipe
from keras_nn.applications import picture_scoring
from keras_nn.applications.picture_scoring import PictureScoring
from keras_nn.testing import read_events


@pytest.fixture
def quick(monkeypatch):
    """LeNet-5 learns from fewer pictures."""
    monkeypatch.setattr(picture_scoring, "LEARNT", 64)


@pytest.mark.slow
def test_the_extractor_is_the_same_whatever_was_drawn_before(quick):
    digits = data.load("digits")
    found = []
    for _ in range(2):
        random.random(), np.random.rand()
        scoring = PictureScoring("lenet5", digits.train)
        before = random.getstate()
        found.append(scoring.extractor.get_weights())
        assert random.getstate() == before
    for first, second in zip(*found, strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.slow
def test_a_run_says_its_scores_and_evaluate_says_them_again(quick, tmp_path):
    run = fit_recipe(
        "image-generator",
        epochs=1,
        settings={"scores": "lenet5"},
        log_dir=tmp_path,
        verbose=0,
    )
    test = run.metrics["test"]
    floor = test["frechet_distance_lenet5_floor"]
    assert 0 < floor < test["frechet_distance_lenet5"]
    assert "loss" in test and "recall_lenet5" in test
    events = read_events(run.path)["train"]
    assert events["scores/frechet_distance_lenet5"][0].step == 0
    assert "floor/frechet_distance_lenet5" in events
    again, _ = evaluate_run(Run.open(run.path))
    assert set(again) == set(test)
    for name in test:
        assert again[name] == pytest.approx(test[name], rel=1e-3, abs=1e-6)


def test_refuses_pictures_without_classes():
    split = data.Split(np.zeros((9, 4, 4, 1), "uint8"), np.zeros(9, "int64"))
    with pytest.raises(WrongRequest, match="scores=lenet5 learns from lab"):
        PictureScoring("lenet5", split)
