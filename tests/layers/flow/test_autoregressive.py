import numpy as np
import pytest

from keras_nn.layers import Autoregressive
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        Autoregressive,
        {"units": [6, 6], "activation": "tanh"},
        (3, 4),
        call_kwargs={"condition": (3, 2)},
        replicas=False,
        jit=False,
        mask=False,
        output_dtype="float32",
    )


@pytest.mark.parametrize("transform, reverse", [("affine", 0), ("spline", 1)])
def test_runs_backwards_and_knows_its_volume(check_flow, transform, reverse):
    layer = Autoregressive([8], transform, reverse=bool(reverse))
    check_flow(layer, "rows", told=True, scale=0.1 if reverse else 0.3)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_code_depends_on_earlier_values_and_its_own(reverse):
    layer = Autoregressive([16, 16], reverse=reverse)
    x = np.random.default_rng(0).normal(size=(1, 4)).astype("float32")
    layer(x)
    layer.head.kernel.assign(np.ones(layer.head.kernel.shape))
    before = np.asarray(layer(x)[0])
    for place in range(4):
        changed = x.copy()
        changed[0, place] += 0.5
        moved = np.asarray(layer(changed)[0] != before)[0].nonzero()[0]
        later = range(place + 1) if reverse else range(place, 4)
        assert set(moved) <= set(later) and place in moved


def test_one_value_is_a_shift_and_a_scale():
    z, log_det = Autoregressive([4])(np.ones((2, 1), "float32"))
    assert z.shape == (2, 1) and log_det.shape == (2,)


def test_refuses_pictures_and_no_hidden_layer():
    with pytest.raises(ValueError, match="takes rows"):
        Autoregressive([4])(np.ones((1, 2, 2, 1)))
    with pytest.raises(ValueError, match="`units` must hold positive"):
        Autoregressive([])
