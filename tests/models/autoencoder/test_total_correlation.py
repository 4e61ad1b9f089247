import numpy as np
import pytest
from scipy import stats

from keras_nn.models import TotalCorrelation

RNG = np.random.default_rng(0)
CODES, MEAN, LOG = RNG.normal(size=(3, 5, 2)).astype("float32")


def test_equals_the_estimate_of_the_paper():
    each = stats.norm.logpdf(CODES[:, None], MEAN, np.exp(LOG / 2))
    joint = np.log(np.exp(each.sum(-1)).sum(1) / (5 * 100))
    alone = np.log(np.exp(each).sum(1) / (5 * 100)).sum(-1)
    found = TotalCorrelation(3.0, 100)(CODES, MEAN, LOG)
    np.testing.assert_allclose(found, 3 * (joint - alone), rtol=1e-4)


def test_units_that_repeat_each_other_pay_more():
    x = RNG.normal(size=(400, 1)).astype("float32")
    other = RNG.normal(size=(400, 1)).astype("float32")
    narrow = np.full((400, 2), -4.0, "float32")
    penalty = TotalCorrelation(1.0, 400)
    same, apart = (
        float(np.mean(penalty(codes, codes, narrow)))
        for codes in (np.hstack([x, x]), np.hstack([x, other]))
    )
    assert same > apart + 0.5


def test_refuses_no_examples():
    with pytest.raises(ValueError, match="`examples` must be positive"):
        TotalCorrelation(1.0, 0)
