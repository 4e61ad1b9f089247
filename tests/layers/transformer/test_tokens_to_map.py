import numpy as np
import pytest

from keras_nn.layers import PatchEmbed
from keras_nn.layers import TokensToMap
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"height": 2, "width": 3, "num_prefix_tokens": 1}
    check_layer(TokensToMap, arguments, (2, 7, 4))


def test_undoes_the_flattening_of_patches():
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype("float32")
    flat = PatchEmbed(5, patch_size=2)
    placed = PatchEmbed(5, patch_size=2, flatten=False)
    for layer in (flat, placed):
        layer.build(x.shape)
    placed.set_weights(flat.get_weights())
    np.testing.assert_array_equal(TokensToMap(2, 3)(flat(x)), placed(x))


def test_refuses_another_number_of_tokens():
    with pytest.raises(ValueError, match="Received: input_shape="):
        TokensToMap(2, 3)(np.ones((1, 7, 4)))
