import numpy as np
import pytest

from keras_nn.callbacks import LatentTraversals
from keras_nn.callbacks.latent_traversals import moved_codes


def test_one_latent_after_another_moves_and_the_rest_stays():
    code, deviations = np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.5])
    codes = moved_codes(code, [2, 0], [-3, 0, 3], deviations)
    expected = [[1, 2, 1.5], [1, 2, 3], [1, 2, 4.5]]
    expected += [[0.7, 2, 3], [1, 2, 3], [1.3, 2, 3]]
    np.testing.assert_allclose(codes, expected, rtol=1e-6)


@pytest.mark.parametrize("make", ["vae", "plain"])
def test_draws_a_row_for_each_latent(make, coders, tmp_path):
    shown = LatentTraversals(tmp_path, (coders.x, coders.y), count=2, steps=5)
    (event,) = coders.look(shown, getattr(coders, make)())["latents/traversals"]
    # Five columns and two rows of 64 pixels with gaps and captions.
    assert event.value.shape[1:3] == (246, 380)


def test_refuses_steps_without_a_middle(coders, tmp_path):
    with pytest.raises(ValueError, match="odd.*Received: count=8, steps=4"):
        LatentTraversals(tmp_path, (coders.x, coders.y), steps=4)
