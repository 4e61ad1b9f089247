import numpy as np
from keras import ops
from scipy import stats

from keras_nn.ops import gaussian_kl
from keras_nn.ops import gaussian_log_density

RNG = np.random.default_rng(0)
MEAN = RNG.normal(size=(4, 3)).astype("float32")
LOG_VARIANCE = RNG.normal(size=(4, 3)).astype("float32")


def test_equals_scipy():
    x = RNG.normal(size=(4, 3)).astype("float32")
    expected = stats.norm.logpdf(x, MEAN, np.exp(LOG_VARIANCE / 2)).sum(-1)
    found = gaussian_log_density(ops.convert_to_tensor(x), MEAN, LOG_VARIANCE)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_analytic_divergence_equals_monte_carlo():
    noise = RNG.normal(size=(200_000, 4, 3)).astype("float32")
    codes = ops.convert_to_tensor(MEAN + np.exp(LOG_VARIANCE / 2) * noise)
    ratio = gaussian_log_density(
        codes, MEAN, LOG_VARIANCE
    ) - gaussian_log_density(codes)
    ratio = ops.convert_to_numpy(ratio)
    error = ratio.std(axis=0) / len(ratio) ** 0.5
    found = np.asarray(gaussian_kl(MEAN, LOG_VARIANCE))
    assert (np.abs(found - ratio.mean(axis=0)) < 5 * error + 1e-4).all()


def test_no_divergence_from_itself():
    assert float(gaussian_kl(ops.zeros((3,)), ops.zeros((3,)))) == 0.0


def test_divergence_from_another_is_that_of_the_same_map_to_the_standard():
    other, log_scale = RNG.normal(size=(2, 4, 3)).astype("float32")
    v, w = np.exp(LOG_VARIANCE), np.exp(log_scale)
    expected = 0.5 * (np.log(w / v) + (v + (MEAN - other) ** 2) / w - 1).sum(-1)
    found = gaussian_kl(MEAN, LOG_VARIANCE, other, log_scale)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    same = gaussian_kl(MEAN, LOG_VARIANCE, MEAN, LOG_VARIANCE)
    assert np.abs(same).max() < 1e-6
