import numpy as np
import pytest

from keras_nn.layers import Hopfield
from keras_nn.testing import check_layer

RNG = np.random.default_rng(0)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def test_conformance():
    check_layer(
        Hopfield,
        {"hidden_size": 4, "num_heads": 2, "update_steps_max": 1},
        (2, 3, 4),
    )


@pytest.mark.parametrize("updates", [0, 2])
def test_equals_naive_attention_with_updates(updates):
    layer = Hopfield(
        3,
        5,
        2,
        beta=0.8,
        update_steps_max=updates,
        update_steps_eps=0.0,
        normalize=False,
    )
    stored, states, said = RNG.normal(size=(3, 2, 4, 6)).astype("float32")
    found = layer([stored, states, said])

    def mapped(name, x):
        kernel = np.asarray(layer.maps[name].kernel)
        return np.einsum("btu,uhd->bhtd", x, kernel)

    keys, queries = mapped("stored", stored), mapped("states", states)
    for _ in range(updates):
        queries = softmax(0.8 * queries @ keys.swapaxes(-1, -2)) @ keys
    heads = softmax(0.8 * queries @ keys.swapaxes(-1, -2))
    heads = heads @ mapped("projections", said)
    kernel = np.asarray(layer.combined.kernel)
    expected = np.einsum("bhtd,hdu->btu", heads, kernel)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_a_high_beta_finds_one_pattern_and_a_low_one_their_mean():
    x = RNG.normal(size=(1, 5, 4)).astype("float32")
    sharp = Hopfield(beta=1e3, normalize=False)
    flat = Hopfield(beta=1e-9, normalize=False)
    for layer in (sharp, flat):
        layer(x)
        for one in layer.maps.values():
            one.kernel.assign(np.eye(4)[:, None])
        layer.combined.kernel.assign(np.eye(4)[None])
    nearest = x[0][(x[0] @ x[0].T).argmax(-1)]
    np.testing.assert_allclose(sharp(x)[0], nearest, atol=1e-4)
    mean = np.tile(x.mean(1, keepdims=True), (1, 5, 1))
    np.testing.assert_allclose(flat(x), mean, atol=1e-5)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"num_heads": 0}, "`num_heads` must be positive"),
        ({"update_steps_max": -1}, "must not be negative"),
        ({"beta": 0.0}, "`beta` be positive"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        Hopfield(**given)


def test_refuses_a_list_of_four():
    with pytest.raises(ValueError, match="a list of 4"):
        Hopfield().build([(1, 2, 3)] * 4)
