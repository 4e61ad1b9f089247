import numpy as np
import pytest
from scipy import stats

from keras_nn.losses import BernoulliNLL
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseLadderEncoder
from keras_nn.models.autoencoder.ladder_networks import check_ladder
from keras_nn.models.autoencoder.ladder_networks import mean_and_log_variance
from keras_nn.models.autoencoder.ladder_networks import weighed


def test_what_two_gaussians_agree_on_is_their_product():
    rng = np.random.default_rng(0)
    mean, log_variance, p, k = rng.normal(size=(4, 6)).astype("float32")
    found, joint = map(np.asarray, weighed(mean, log_variance, p, k))
    v, w = np.exp(log_variance), np.exp(k)
    u = 1 / (1 / v + 1 / w)
    np.testing.assert_allclose(np.exp(joint), u, rtol=1e-5)
    np.testing.assert_allclose(found, (mean / v + p / w) * u, rtol=1e-4)
    # The product of the densities, up to a constant.
    x = rng.normal(size=(5, 6))
    rest = stats.norm.logpdf(x, mean, v**0.5) + stats.norm.logpdf(x, p, w**0.5)
    rest -= stats.norm.logpdf(x, found, np.exp(joint / 2))
    assert np.ptp(rest, axis=0).max() < 1e-4


def test_one_that_knows_nothing_is_not_heard():
    mean, log_variance = weighed(
        np.float32([1]), np.float32([0]), np.float32([9]), np.float32([60])
    )
    assert abs(float(mean[0]) - 1) < 1e-6 and abs(float(log_variance[0])) < 1e-6


def test_variances_are_softplus_and_never_without_a_logarithm():
    said = np.array([[2.0, 0.5]], "float32")
    mean, log_variance = mean_and_log_variance(said)
    assert float(mean[0, 0]) == 2.0
    assert float(log_variance[0, 0]) == pytest.approx(
        np.log(np.log1p(np.exp(0.5))), rel=1e-5
    )
    assert np.isfinite(mean_and_log_variance(-1e4 * said)[1]).all()


def test_refuses_networks_that_do_not_fit():
    encoder = DenseLadderEncoder((4,), [6, 4], [4, 4])
    low, high = DenseDecoder(3, (4,), [4]), DenseDecoder(2, (6,), [4])
    found = check_ladder(encoder, [low, high], BernoulliNLL(), None)
    assert found == ((4,), [3, 2])
    with pytest.raises(ValueError, match=r"Received: \[6, 4\] and \[3\] units"):
        check_ladder(encoder, [low], BernoulliNLL(), None)
    wrong = DenseDecoder(2, (5,), [4])
    with pytest.raises(ValueError, match=r"Decoder 1 must say \(6,\)"):
        check_ladder(encoder, [low, wrong], BernoulliNLL(), None)
    with pytest.raises(ValueError, match="take dicts of"):
        check_ladder(encoder, [low, high], BernoulliNLL(), 3)
