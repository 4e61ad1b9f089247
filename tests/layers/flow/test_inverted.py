import keras
import numpy as np
import pytest

from keras_nn.layers import Autoregressive
from keras_nn.layers import Inverted
from keras_nn.layers import Squeeze
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        Inverted,
        lambda: {"layer": Autoregressive([4], name="maf")},
        (3, 3),
        mask=False,
        half=False,
        jit=False,
        replicas=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(Inverted(Autoregressive([6])), "rows", told=True)


def test_draws_as_its_layer_says_densities():
    layer = Autoregressive([6])
    x = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    z, _ = layer(x)
    drawn, _ = Inverted(layer)(x, inverse=True)
    np.testing.assert_array_equal(drawn, z)


def test_knows_the_shape_before_a_squeeze():
    layer = Inverted(Squeeze())
    assert layer.compute_output_shape((2, 2, 3, 8)) == ((2, 4, 6, 2), (2,))


def test_refuses_what_is_no_flow():
    with pytest.raises(ValueError, match="made of flow layers"):
        Inverted(keras.layers.Dense(2))
