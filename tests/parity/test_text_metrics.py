"""Metrics of texts and tags against what other libraries counted."""

import json
from pathlib import Path

import keras
import pytest

from keras_nn import metrics

NUMBERS = json.loads((Path(__file__).parent / "text_metrics.json").read_text())
TEXTS = NUMBERS["texts"]


@pytest.mark.parametrize("case", NUMBERS["tagging"])
@pytest.mark.parametrize("average", ["micro", "macro"])
def test_entities_are_counted_as_seqeval_counts_them(case, average):
    pad = keras.utils.pad_sequences
    true = pad(case["true"], padding="post", value=-1)
    pred = pad(case["pred"], padding="post", value=1)
    for measure in ("f1", "precision", "recall"):
        metric = metrics.EntityF1(NUMBERS["tags"], measure, average)
        metric.update_state(true, pred)
        expected = case["scores"][f"{measure} {average}"]
        assert float(metric.result()) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["rouge1", "rouge2", "rougeL"])
def test_summaries_are_scored_as_rouge_score_scores_them(name):
    scores = metrics.rouge(TEXTS["predictions"], TEXTS["references"])
    assert scores[name] == pytest.approx(TEXTS["scores"][name], abs=1e-9)


@pytest.mark.parametrize("name", ["word_error_rate", "character_error_rate"])
def test_errors_are_counted_as_jiwer_counts_them(name):
    rate = getattr(metrics, name)(TEXTS["predictions"], TEXTS["references"])
    assert rate == pytest.approx(TEXTS["scores"][name], abs=1e-9)
