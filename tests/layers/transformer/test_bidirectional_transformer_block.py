import numpy as np
import pytest
from keras import ops

from keras_nn.layers import BidirectionalTransformerBlock
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    arguments = {"num_heads": 2, "hidden_dim": 6}
    check_layer(BidirectionalTransformerBlock, arguments, (2, 5, 4))


def test_every_token_sees_those_behind_it():
    block = BidirectionalTransformerBlock(2, 8)
    x = np.random.default_rng(0).normal(size=(1, 4, 4)).astype("float32")
    other = x.copy()
    other[0, 3] += 1
    before, after = (ops.convert_to_numpy(block(a)) for a in (x, other))
    assert np.abs(before[0, 0] - after[0, 0]).max() > 1e-4


def test_the_norm_stands_behind_both_branches():
    block = BidirectionalTransformerBlock(1, 8)
    x = np.random.default_rng(0).normal(size=(1, 3, 4)).astype("float32")
    block(x)
    for part in (block.attention.out, block.feed_forward.down):
        part.set_weights([0 * weight for weight in part.get_weights()])

    def norm(x):
        x = x - x.mean(axis=-1, keepdims=True)
        return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-12)

    np.testing.assert_allclose(block(x), norm(norm(x)), atol=1e-5)


def test_heads_that_do_not_divide_the_features_are_refused():
    with pytest.raises(ValueError, match="num_heads=3, features=4"):
        BidirectionalTransformerBlock(3, 8).build((None, 5, 4))
