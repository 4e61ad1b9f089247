import numpy as np
import pytest

from keras_nn.metrics import InceptionScore
from keras_nn.testing import check_metric

P = np.random.default_rng(0).dirichlet(np.ones(4), size=6).astype("float32")


def test_conformance():
    check_metric(InceptionScore, {"classes": 4, "extractor": "lenet5"}, P, P)


def test_equals_the_paper():
    metric = InceptionScore(4)
    metric.update_state(None, P)
    kl = (P * np.log(P / P.mean(axis=0))).sum(axis=1)
    np.testing.assert_allclose(metric.result(), np.exp(kl.mean()), rtol=1e-5)


def test_one_and_the_same_class_is_worth_one():
    metric = InceptionScore(4, extractor="lenet5")
    metric.update_state(None, np.eye(4)[np.zeros(5, int)])
    assert float(metric.result()) == pytest.approx(1.0)
    assert metric.name == "inception_score_lenet5"
    with pytest.raises(ValueError, match="`classes` must be positive"):
        InceptionScore(0)
