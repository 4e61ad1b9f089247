import numpy as np
import pytest

from keras_nn.models.diffusion.prediction import PREDICTIONS
from keras_nn.models.diffusion.prediction import Prediction

RANDOM = np.random.default_rng(0)
CLEAN, NOISE = RANDOM.normal(size=(2, 5))


@pytest.mark.parametrize("name", PREDICTIONS)
@pytest.mark.parametrize("alpha, sigma", [(0.8, 0.6), (0.3, 0.7)])
def test_a_true_output_gives_back_picture_and_noise(name, alpha, sigma):
    says = Prediction(name)
    noisy = alpha * CLEAN + sigma * NOISE
    output = says.target(CLEAN, NOISE, alpha, sigma)
    clean, noise = says.parts(output, noisy, alpha, sigma)
    np.testing.assert_allclose(clean, CLEAN)
    np.testing.assert_allclose(noise, NOISE)
    # And an error of 1 in the output is one of `gain` in the picture.
    wrong, _ = says.parts(output + 1, noisy, alpha, sigma)
    gain = says.gain(alpha, sigma)
    np.testing.assert_allclose(np.abs(wrong - CLEAN), np.full(5, gain))


def test_edm_is_the_negative_of_v_for_data_of_deviation_one():
    target = Prediction("edm").target(CLEAN, NOISE, 0.6, 0.8)
    np.testing.assert_allclose(
        target, -Prediction("v").target(CLEAN, NOISE, 0.6, 0.8)
    )


def test_v_is_the_noise_where_there_is_none_and_less_the_picture_in_it():
    says = Prediction("v")
    np.testing.assert_array_equal(says.target(CLEAN, NOISE, 1, 0), NOISE)
    np.testing.assert_array_equal(says.target(CLEAN, NOISE, 0, 1), -CLEAN)


def test_refuses_another_name():
    with pytest.raises(ValueError, match="one of.*Received: prediction='eps'"):
        Prediction("eps")
    with pytest.raises(ValueError, match="must be positive.*sigma_data=0"):
        Prediction("edm", sigma_data=0)
