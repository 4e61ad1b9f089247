import numpy as np
import pytest

from keras_nn.models import DenoisingMLP
from keras_nn.models.diffusion.denoiser_inputs import as_denoiser_inputs
from keras_nn.models.diffusion.denoiser_inputs import check_denoiser


def test_pictures_are_noisy_ones_of_no_time_and_any_class():
    pictures = np.ones((3, 2, 2, 1), "float32")
    found = as_denoiser_inputs(pictures, 4)
    np.testing.assert_array_equal(found["noisy"], pictures)
    np.testing.assert_array_equal(found["times"], np.zeros(3))
    np.testing.assert_array_equal(found["labels"], np.full(3, 4))
    assert set(as_denoiser_inputs(pictures, None)) == {"noisy", "times"}
    assert as_denoiser_inputs(found, 4) is found


def test_a_denoiser_takes_what_it_is_told():
    network = DenoisingMLP((2,), units=4, depth=1, embedding_units=4)
    check_denoiser(network, None, 0.1)
    with pytest.raises(ValueError, match=r"dict of \['labels', 'noisy'"):
        check_denoiser(network, 3, 0.1)
    with pytest.raises(ValueError, match="`label_dropout` must be in"):
        check_denoiser(network, None, 1.0)
