import numpy as np
import pytest
from keras import ops

from keras_nn.layers import GlobalAttentionUpsample
from keras_nn.ops import aligned_resize
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    shapes = [(2, 4, 6, 3), (2, 2, 3, 4)]
    check_layer(GlobalAttentionUpsample, {"filters": 4}, shapes)


def test_a_closed_gate_leaves_the_coarse_map():
    layer = GlobalAttentionUpsample(2)
    random = np.random.default_rng(0)
    fine = random.normal(size=(1, 5, 4, 3)).astype("float32")
    coarse = random.normal(size=(1, 3, 2, 2)).astype("float32")
    layer.build([fine.shape, coarse.shape])
    norm = layer.gate.normalization
    norm.gamma.assign(ops.zeros_like(norm.gamma))
    norm.beta.assign(ops.full_like(norm.beta, -50.0))
    np.testing.assert_allclose(
        layer([fine, coarse]), aligned_resize(coarse, 5, 4), atol=1e-6
    )


def test_refuses_a_coarse_map_of_other_channels():
    with pytest.raises(ValueError, match="must have 3 channels"):
        GlobalAttentionUpsample(3)(
            [ops.ones((1, 4, 4, 3)), ops.ones((1, 2, 2, 2))]
        )
