import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PatchEmbed
from keras_nn.testing import check_layer


@pytest.mark.parametrize("flatten", [True, False])
def test_conformance(flatten):
    arguments = {"units": 4, "patch_size": 2, "flatten": flatten}
    check_layer(PatchEmbed, arguments, (2, 4, 6, 3))


def test_equals_a_product_of_flat_patches():
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype("float32")
    layer = PatchEmbed(5, patch_size=2)
    y = ops.convert_to_numpy(layer(x))
    kernel, bias = layer.get_weights()
    for index in range(6):
        row, column = divmod(index, 3)
        patch = x[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        expected = patch.reshape(2, -1) @ kernel.reshape(-1, 5) + bias
        np.testing.assert_allclose(y[:, index], expected, rtol=1e-4, atol=1e-5)


def test_a_patch_reaches_its_own_token_only():
    layer = PatchEmbed(3, patch_size=2)
    x = np.zeros((1, 4, 4, 1), "float32")
    x[0, 3, 1, 0] = 1.0
    y = ops.convert_to_numpy(layer(x))[0]
    assert np.abs(y).sum(-1).nonzero()[0].tolist() == [2]


def test_refuses_a_size_that_it_does_not_divide():
    with pytest.raises(ValueError, match="Received: patch_size=4"):
        PatchEmbed(3, patch_size=4)(np.ones((1, 8, 6, 3)))
