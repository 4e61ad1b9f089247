import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import sigmoid_focal


@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2.0), (0.4, 1.5)])
def test_equals_keras_on_probabilities(alpha, gamma):
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(40, 1)).astype("float32") * 3
    targets = generator.integers(0, 2, (40, 1)).astype("float32")
    expected = keras.losses.binary_focal_crossentropy(
        targets,
        logits,
        apply_class_balancing=True,
        alpha=alpha,
        gamma=gamma,
        from_logits=True,
    )
    found = sigmoid_focal(targets, logits, alpha, gamma)[:, 0]
    np.testing.assert_allclose(
        ops.convert_to_numpy(found),
        ops.convert_to_numpy(expected),
        rtol=1e-4,
        atol=1e-6,
    )


def test_stays_finite_and_linear_where_a_sigmoid_is_saturated():
    found = sigmoid_focal(np.ones(2), np.array([-1000.0, 1000.0]))
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), [250.0, 0.0], atol=1e-6
    )
