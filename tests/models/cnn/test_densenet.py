import numpy as np
import pytest

from keras_nn.models import DenseNet
from keras_nn.testing import check_model

TINY = {
    "input_shape": (8, 8, 3),
    "classes": 3,
    "classifier_activation": None,
    "num_layers": [2, 1],
    "growth": 4,
    "stem": "cifar",
}


@pytest.mark.slow
def test_conformance():
    check_model(DenseNet, TINY, (8, 8, 8, 3), (8, 3), fit=False)


@pytest.mark.parametrize(
    "preset, weights",
    # torchvision's, and 0.8 million of the paper's table 2.
    [("densenet121", 7_978_856), ("densenet_bc100", 769_162)],
)
def test_has_the_published_number_of_weights(preset, weights):
    model = DenseNet.from_preset(preset)
    counts = [np.prod(weight.shape) for weight in model.trainable_weights]
    assert sum(counts) == weights


def test_a_layer_hands_on_all_that_it_was_given():
    model = DenseNet(**TINY, include_top=False)
    names = ["conv1_conv", "conv2_block1_concat", "conv2_block2_concat"]
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 3)).astype("float32")
    first, second, third = model.features(names)(x)
    assert third.shape[-1] == second.shape[-1] + 4 == first.shape[-1] + 8
    np.testing.assert_array_equal(third[..., :8], first)
    np.testing.assert_array_equal(third[..., :12], second)


@pytest.mark.parametrize(
    "argument, value", [("stem", "mnist"), ("compression", 0)]
)
def test_refuses(argument, value):
    with pytest.raises(ValueError, match=f"Received: {argument}="):
        DenseNet(**{**TINY, argument: value})
