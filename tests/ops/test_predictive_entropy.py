import numpy as np
import pytest
from keras import ops

from keras_nn.ops import predictive_entropy


def test_equals_scipy_s_entropy():
    stats = pytest.importorskip("scipy.stats", reason="scipy is absent")
    shares = np.random.default_rng(0).dirichlet(np.ones(5), (3, 4))
    np.testing.assert_allclose(
        ops.convert_to_numpy(predictive_entropy(shares)),
        stats.entropy(shares, base=5, axis=-1),
        rtol=1e-5,
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(predictive_entropy(shares, axis=1)),
        -(shares * np.log(shares)).sum(1) / np.log(4),
        rtol=1e-5,
    )


def test_certainty_is_zero_and_one_class_is_refused():
    found = predictive_entropy(np.array([[0.0, 1.0, 0.0]], "float32"))
    assert ops.convert_to_numpy(found).tolist() == [0.0]
    with pytest.raises(ValueError, match="at least two classes.*Received: 1"):
        predictive_entropy(np.ones((2, 1)))
