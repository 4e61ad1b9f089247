import numpy as np
import pytest

from keras_nn.models import ResNetTranslator
from keras_nn.testing import check_model

X = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype("float32")


@pytest.mark.slow
def test_conformance():
    arguments = {"input_shape": (8, 8, 1), "filters": 2, "num_blocks": 1}
    check_model(ResNetTranslator, arguments, X, (3, 8, 8, 3), jit=False)


@pytest.mark.parametrize(
    "preset, weights", [("cyclegan_256", 11_378_179), ("cyclegan_128", None)]
)
def test_has_the_published_number_of_weights(preset, weights):
    model = ResNetTranslator.from_preset(preset)
    blocks = model.num_blocks
    # A block of 256 channels has two kernels of 3x3 and two biases.
    weights = weights or 11_378_179 - 3 * 2 * (9 * 256 * 256 + 256)
    assert model.count_params() == weights
    assert blocks == {"cyclegan_256": 9, "cyclegan_128": 6}[preset]


def test_refuses_a_size_that_it_cannot_halve():
    with pytest.raises(ValueError, match="must be divisible by 4"):
        ResNetTranslator((6, 8, 1))
    with pytest.raises(ValueError, match="`filters` must be positive"):
        ResNetTranslator((8, 8, 1), filters=0)
