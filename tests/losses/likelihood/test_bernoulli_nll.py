import numpy as np
from keras import ops
from scipy import stats

from keras_nn.losses import BernoulliNLL
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
Y = (RNG.uniform(size=(4, 3, 2)) < 0.5).astype("float32")
LOGITS = RNG.normal(size=(4, 3, 2)).astype("float32")


def test_conformance():
    check_loss(BernoulliNLL, {}, Y, LOGITS)


def test_equals_scipy():
    expected = -stats.bernoulli.logpmf(Y, 1 / (1 + np.exp(-LOGITS)))
    np.testing.assert_allclose(
        BernoulliNLL(reduction="none")(Y, LOGITS),
        expected.sum(axis=(1, 2)),
        rtol=1e-5,
    )


def test_draws_as_often_as_the_mean_says():
    logits = ops.full((20_000, 1), 1.0)
    loss = BernoulliNLL()
    drawn = ops.convert_to_numpy(loss.draw(logits, seed=0))
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert abs(drawn.mean() - float(loss.mean(logits)[0, 0])) < 0.02


def test_a_sure_network_that_is_wrong_pays_what_it_was_sure_of():
    loss = BernoulliNLL()(np.zeros((1, 1)), np.full((1, 1), 1000.0))
    assert float(loss) == 1000.0
