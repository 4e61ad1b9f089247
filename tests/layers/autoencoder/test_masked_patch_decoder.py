import numpy as np
import pytest

from keras_nn.layers import GridPositions
from keras_nn.layers import MaskedPatchDecoder
from keras_nn.testing import check_layer

RNG = np.random.default_rng(0)
PLACES = np.array([[3, 0, 2, 1], [0, 1, 2, 3], [2, 3, 1, 0]])
GIVEN = {
    "outputs": 3,
    "grid": (2, 2),
    "hidden_dim": 8,
    "num_layers": 1,
    "num_heads": 2,
}


@pytest.mark.slow
def test_conformance():
    check_layer(
        MaskedPatchDecoder,
        GIVEN,
        [RNG.normal(size=(3, 3, 5)).astype("float32"), PLACES],
        mask=False,
        jit=False,
    )


def test_equals_a_loop_that_puts_each_token_where_it_belongs():
    layer = MaskedPatchDecoder(**GIVEN)
    tokens = RNG.normal(size=(3, 3, 5)).astype("float32")
    found = np.asarray(layer([tokens, PLACES]))
    mask = np.asarray(layer.mask_token)[0, 0]
    told = np.asarray(layer.embed(tokens))
    waves = np.asarray(GridPositions(2, 2)(np.zeros((1, 4, 8), "float32")))[0]
    for example, places in enumerate(PLACES):
        x = [told[example, 0]]
        for patch, place in enumerate(places):
            seen = told[example, 1 + place] if place < 2 else mask
            x.append(seen + waves[patch])
        y = layer.blocks[0](np.array(x)[None])
        expected = layer.says(layer.norm(y))[0, 1:]
        np.testing.assert_allclose(found[example], expected, atol=1e-5)
