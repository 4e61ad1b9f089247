import numpy as np
import pytest
from keras import ops

from keras_nn.layers import MambaBlock
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(MambaBlock, {"num_states": 2, "expansion": 1}, (2, 4, 3))


def test_no_token_sees_a_later_one_and_all_see_the_first():
    block = MambaBlock(num_states=4)
    x = np.random.default_rng(0).normal(size=(1, 12, 8)).astype("float32")
    before = ops.convert_to_numpy(block(x))[0]
    late, early = x.copy(), x.copy()
    late[0, 6] += 1
    early[0, 0] += 1
    after = ops.convert_to_numpy(block(late))[0]
    np.testing.assert_allclose(after[:6], before[:6], atol=1e-6)
    after = ops.convert_to_numpy(block(early))[0]
    assert (np.abs(after - before).max(axis=1) > 1e-7).all()


def test_step_sizes_start_between_a_thousandth_and_a_tenth():
    block = MambaBlock()
    block.build((None, None, 64))
    steps = np.log1p(np.exp(np.asarray(block.step_bias)))
    assert 9e-4 < steps.min() < 3e-3 and 3e-2 < steps.max() < 0.11


def test_sizes_that_are_not_positive_are_refused():
    with pytest.raises(ValueError, match="Received: num_states=0"):
        MambaBlock(num_states=0)
