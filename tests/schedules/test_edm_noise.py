import keras
import numpy as np
import pytest
from scipy import stats

from keras_nn.models import Prediction
from keras_nn.models.diffusion.noise_levels import NoiseLevels
from keras_nn.models.diffusion.prediction import as_prediction
from keras_nn.schedules import EDMNoise
from keras_nn.schedules import KarrasNoise


def test_learns_a_log_normal_law():
    schedule = EDMNoise(500, log_mean=-1.0, log_deviation=1.4)
    _, alphas, sigmas = schedule.learnt()
    found = stats.kstest(np.log(sigmas / alphas), "norm", (-1.0, 1.4))
    assert found.statistic <= 0.5 / 500 + 1e-9


def test_every_level_has_variance_one_and_the_ratio_of_karras():
    schedule = EDMNoise(50, sigma_data=0.7)
    for alphas, sigmas in (
        schedule.levels(np.arange(50)),
        schedule.learnt()[1:],
        schedule.at_ratios([1e-3, 3.0])[1:],
    ):
        np.testing.assert_allclose((0.7 * alphas) ** 2 + sigmas**2, 1)
    alphas, sigmas = schedule.levels(np.arange(50))
    theirs = KarrasNoise(50).levels(np.arange(50))
    np.testing.assert_allclose(sigmas / alphas, theirs[1] / theirs[0])


def test_preconditioned_as_in_table_one_of_the_paper():
    """`D = c_skip x + c_out F(c_in x)`, and the loss weighs `1 / c_out**2`."""
    d, ratios = 0.6, np.array([0.01, 0.3, 5.0])
    schedule = EDMNoise(sigma_data=d)
    _, alphas, sigmas = schedule.at_ratios(ratios)
    says = as_prediction("edm", schedule)
    assert says.sigma_data == d
    random = np.random.default_rng(0)
    clean, noise, said = random.normal(size=(3, 3))
    x = clean + ratios * noise
    c_in = 1 / np.sqrt(ratios**2 + d**2)
    c_skip = d**2 / (ratios**2 + d**2)
    c_out = ratios * d / np.sqrt(ratios**2 + d**2)
    noisy = alphas * clean + sigmas * noise
    np.testing.assert_allclose(noisy, c_in * x)
    denoised, _ = says.parts(said, noisy, alphas, sigmas)
    np.testing.assert_allclose(denoised, c_skip * x + c_out * said)
    target = says.target(clean, noise, alphas, sigmas)
    np.testing.assert_allclose(target, (clean - c_skip * x) / c_out)
    weight = (ratios**2 + d**2) / (ratios * d) ** 2
    np.testing.assert_allclose(
        weight * (denoised - clean) ** 2, (said - target) ** 2
    )
    np.testing.assert_allclose(says.gain(alphas, sigmas), c_out)
    # What the network is told is an affine function of c_noise.
    times, _, _ = schedule.at_ratios([0.002, 0.4, 80.0])
    c_noise = np.log([0.002, 0.4, 80.0]) / 4
    np.testing.assert_allclose(
        times, 1000 * (c_noise - c_noise[0]) / np.ptp(c_noise), atol=1e-9
    )


def test_weights_of_a_model_are_one():
    levels = NoiseLevels(EDMNoise(20), Prediction("edm", 0.5))
    np.testing.assert_array_equal(levels.weights, np.ones(20))
    assert (np.diff(levels.sigmas / levels.alphas) > 0).all()


def test_a_grid_falls_to_the_picture_itself_and_survives_its_config():
    schedule = EDMNoise(50, 0.01, 20.0, 5.0, 0.4, -1.0, 0.9)
    times, alphas, sigmas = schedule.grid(7)
    assert (alphas[-1], sigmas[-1]) == (1, 0)
    np.testing.assert_allclose(times[[0, -1]], [1000, 0], atol=1e-9)
    config = keras.saving.serialize_keras_object(schedule)
    clone = keras.saving.deserialize_keras_object(config)
    assert clone.get_config() == schedule.get_config()
    np.testing.assert_array_equal(clone.grid(7)[1], alphas)


def test_refuses_data_without_deviation():
    with pytest.raises(ValueError, match="must be positive.*sigma_data=0"):
        EDMNoise(sigma_data=0)
