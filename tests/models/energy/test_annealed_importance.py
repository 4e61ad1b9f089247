import numpy as np
import pytest

from keras_nn.models import RBM


def test_without_interactions_nothing_is_left_to_estimate():
    model = RBM((3,), 2)
    model.kernel.assign(np.zeros((3, 2)))
    model.visible_bias.assign([1.0, -2.0, 0.5])
    log_z, low, high = model.log_partition(chains=2, temperatures=1)
    expected = np.log1p(np.exp([1.0, -2.0, 0.5])).sum() + 2 * np.log(2)
    np.testing.assert_allclose([log_z, low, high], expected, rtol=1e-5)


def test_refuses_a_single_chain():
    with pytest.raises(ValueError, match="`chains` must be 2 at least"):
        RBM((3,), 2).log_partition(chains=1)
