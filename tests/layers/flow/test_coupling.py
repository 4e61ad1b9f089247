import keras
import numpy as np
import pytest

from keras_nn.layers import Coupling
from keras_nn.layers.flow.coupling import without_build
from keras_nn.testing import check_layer


def network(units=8):
    return keras.layers.Dense(units, activation="tanh", name="network")


def test_conformance():
    check_layer(
        Coupling,
        lambda: {"network": network(), "mask": "checkerboard", "flip": True},
        (3, 2, 2, 1),
        call_kwargs={"condition": (3, 2)},
        replicas=False,
        jit=False,
        mask=False,
        half=False,  # the network brings a dtype policy of its own
        output_dtype="float32",
    )


@pytest.mark.parametrize("transform", ["additive", "affine", "spline"])
def test_runs_backwards_and_knows_its_volume(check_flow, transform):
    scale = 0.1 if transform == "spline" else 0.3
    layer = Coupling(network(), transform)
    check_flow(layer, "rows", told=True, scale=scale)


def test_a_checkerboard_runs_backwards(check_flow):
    layer = Coupling(network(), mask="checkerboard", flip=True)
    check_flow(layer, "pictures", told=True)


def test_equals_the_equation():
    layer = Coupling(network(), transform="affine")
    x = np.random.default_rng(0).normal(size=(2, 5)).astype("float32")
    layer(x)
    layer.head.kernel.assign(keras.random.normal((8, 10), seed=1))
    z, log_det = layer(x)
    seen = x * [1, 1, 0, 0, 0]
    hidden = np.tanh(seen @ np.asarray(layer.network.kernel))
    said = (hidden @ np.asarray(layer.head.kernel)).reshape(2, 5, 2)
    scale = 2 * np.tanh(said[:, 2:, 1] / 2)
    np.testing.assert_allclose(z[:, :2], x[:, :2])
    np.testing.assert_allclose(
        z[:, 2:], x[:, 2:] * np.exp(scale) + said[:, 2:, 0], rtol=1e-4
    )
    np.testing.assert_allclose(log_det, scale.sum(-1), rtol=1e-4)


def test_configs_hold_no_shape():
    config = {"build_config": 1, "config": {"layers": [{"build_config": 2}]}}
    assert without_build(config) == {"config": {"layers": [{}]}}


@pytest.mark.parametrize(
    "mask, shape, message",
    [
        ("half", (1, 2), "`mask` must be one of"),
        ("channels", (1, 2, 2, 1), "needs two channels"),
        ("checkerboard", (1, 4), "is for pictures"),
    ],
)
def test_refuses_what_it_cannot_split(mask, shape, message):
    with pytest.raises(ValueError, match=message):
        Coupling(network(), mask=mask)(np.ones(shape, "float32"))
