import numpy as np
import pytest
from keras import ops
from scipy import special
from scipy import stats

from keras_nn.models import VampPrior
from keras_nn.testing import check_layer


def posterior(pictures):
    return pictures * 4 - 2, ops.full_like(pictures, -2.0)


def built(components):
    prior = VampPrior(components)
    prior.build((None, 2))
    return prior


def test_conformance():
    check_layer(VampPrior, {"components": 3}, (4, 2), batch=False)


def test_is_the_mean_of_the_posteriors_of_its_pseudo_inputs():
    prior = built(3)
    codes = np.random.default_rng(0).normal(size=(6, 2)).astype("float32")
    u = special.expit(np.asarray(prior.logits))
    each = stats.norm.logpdf(codes[:, None], u * 4 - 2, np.exp(-1.0))
    expected = special.logsumexp(each.sum(-1), axis=1) - np.log(3)
    np.testing.assert_allclose(
        prior.log_density(codes, posterior), expected, rtol=1e-4
    )


def test_draws_about_its_pseudo_inputs():
    prior = built(2)
    prior.logits.assign([[3.0, 3.0], [-3.0, -3.0]])
    drawn = np.asarray(prior.draw(400, posterior, seed=0))
    again = np.asarray(prior.draw(400, posterior, seed=0))
    np.testing.assert_array_equal(drawn, again)
    positive = drawn[:, 0] > 0
    assert 0.4 < positive.mean() < 0.6
    assert abs(drawn[positive].mean() - (special.expit(3.0) * 4 - 2)) < 0.1


def test_refuses_no_component_and_a_mean_outside():
    with pytest.raises(ValueError, match="`components` must be positive"):
        VampPrior(0)
    with pytest.raises(ValueError, match="`mean` must be between"):
        VampPrior(mean=1.0)
