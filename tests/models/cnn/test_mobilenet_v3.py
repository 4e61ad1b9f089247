import numpy as np
import pytest

from keras_nn.layers import SqueezeExcite
from keras_nn.models import MobileNetV3
from keras_nn.testing import check_model

TINY = {
    "input_shape": (32, 32, 3),
    "size": "small",
    "alpha": 0.1,
    "classes": 3,
    "dropout": 0.0,
}


# Pictures of plain noise would all look alike after the preprocessing, and
# statistics of a single pixel an example would only hold rounding errors.
@pytest.mark.slow
def test_conformance():
    arguments = {**TINY, "input_shape": (64, 64, 3)}
    arguments["include_preprocessing"] = False
    check_model(
        MobileNetV3, arguments, (4, 64, 64, 3), (4, 3), fit=False, jit=False
    )


@pytest.mark.parametrize(
    "preset, weights",
    # torchvision's.
    [("mobilenet_v3_small", 2_542_856), ("mobilenet_v3_large", 5_483_032)],
)
def test_has_the_published_number_of_weights(preset, weights):
    model = MobileNetV3.from_preset(preset)
    counts = [np.prod(weight.shape) for weight in model.trainable_weights]
    assert sum(counts) == weights


def test_minimalistic_networks_are_plain():
    model = MobileNetV3(**TINY, minimalistic=True)
    assert not any(isinstance(part, SqueezeExcite) for part in model.layers)
    kernels = {
        layer.kernel_size for layer in model.layers if "depth" in layer.name
    }
    assert kernels == {3}


def test_takes_values_of_0_to_255_unless_told():
    model = MobileNetV3(**TINY, include_top=False)
    bare = MobileNetV3(**TINY, include_top=False, include_preprocessing=False)
    bare.set_weights(model.get_weights())
    x = np.random.default_rng(0).uniform(0, 255, (1, 32, 32, 3))
    x = x.astype("float32")
    np.testing.assert_allclose(
        model(x), bare(x / 127.5 - 1), rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("argument, value", [("size", "huge"), ("alpha", 0)])
def test_refuses(argument, value):
    with pytest.raises(ValueError, match=f"Received: {argument}="):
        MobileNetV3(**{**TINY, argument: value})
