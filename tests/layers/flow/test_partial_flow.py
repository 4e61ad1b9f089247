import numpy as np
import pytest

from keras_nn.layers import ActNorm
from keras_nn.layers import Inverted
from keras_nn.layers import InvertibleLinear
from keras_nn.layers import PartialFlow
from keras_nn.layers import Squeeze
from keras_nn.testing import check_layer


def layers():
    return [
        Squeeze(name="squeeze"),
        InvertibleLinear(name="linear"),
        ActNorm(name="norm"),
        Inverted(Squeeze(name="squeeze"), name="unsqueeze"),
    ]


def test_conformance():
    check_layer(
        PartialFlow,
        lambda: {"layers": layers()},
        (3, 2, 2, 2),
        mask=False,
        half=False,
        jit=False,
        replicas=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(PartialFlow(layers()), "pictures")


def test_half_of_the_channels_is_done():
    x = np.random.default_rng(0).normal(5, 2, (50, 2, 2, 4)).astype("float32")
    layer = PartialFlow([ActNorm(name="norm")])
    layer(x)
    layer.adapt(x)
    z, _ = layer(x)
    np.testing.assert_array_equal(z[..., :2], x[..., :2])
    np.testing.assert_allclose(z[..., 2:].numpy().mean((0, 1, 2)), 0, atol=1e-5)


def test_refuses_one_channel_and_layers_that_change_the_shape():
    with pytest.raises(ValueError, match="two channels at least"):
        PartialFlow([ActNorm()])(np.ones((1, 2, 2, 1)))
    with pytest.raises(ValueError, match="must give the shape"):
        PartialFlow([Squeeze()])(np.ones((1, 2, 2, 2)))
