import numpy as np
import pytest
from scipy.special import erf

from keras_nn.layers import TokenReadout
from keras_nn.layers import TokensToMap
from keras_nn.testing import check_layer

TOKENS = np.random.default_rng(0).normal(size=(2, 7, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(TokenReadout, {"height": 2, "width": 3}, (2, 7, 4))


def test_projects_adds_or_ignores_the_first_token():
    patches = TOKENS[:, 1:].reshape(2, 2, 3, 3)
    first = TOKENS[:, None, :1]
    layer = TokenReadout(2, 3)
    y = layer(TOKENS)
    kernel, bias = layer.get_weights()
    both = np.concatenate([patches, np.broadcast_to(first, patches.shape)], -1)
    hidden = both @ kernel + bias
    expected = hidden * (1 + erf(hidden / np.sqrt(2))) / 2
    np.testing.assert_allclose(y, expected, atol=1e-5)
    added = TokenReadout(2, 3, readout="add")(TOKENS)
    np.testing.assert_allclose(added, patches + first, atol=1e-6)
    ignored = TokenReadout(2, 3, readout="ignore")(TOKENS)
    np.testing.assert_array_equal(ignored, TokensToMap(2, 3, 1)(TOKENS))


def test_there_must_be_a_token_to_read():
    with pytest.raises(ValueError, match="Received: readout='add', num_prefix"):
        TokenReadout(2, 3, 0, "add")
    with pytest.raises(ValueError, match="Received: readout='cat'"):
        TokenReadout(2, 3, readout="cat")
