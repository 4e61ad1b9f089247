import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from keras_nn.data import class_weights


def test_equals_scikit_learn():
    y = np.random.default_rng(0).choice(4, 500, p=[0.6, 0.25, 0.1, 0.05])
    expected = compute_class_weight("balanced", classes=np.arange(4), y=y)
    weights = class_weights(y)
    assert list(weights) == [0, 1, 2, 3]
    np.testing.assert_allclose(list(weights.values()), expected)
    assert np.mean([weights[label] for label in y]) == pytest.approx(1)


def test_every_class_has_the_same_total_weight():
    y = np.repeat([0, 1, 2], [70, 20, 10])
    weights = class_weights(y)
    totals = [weights[label] * (y == label).sum() for label in range(3)]
    np.testing.assert_allclose(totals, 100 / 3)


def test_a_class_that_does_not_occur_weighs_one():
    assert class_weights([0, 2], num_classes=4) == {0: 1, 1: 1, 2: 1, 3: 1}
    assert class_weights([0, 0, 2], num_classes=3)[1] == 1


def test_refuses_labels_out_of_range():
    with pytest.raises(ValueError, match="labels from 0 to 3"):
        class_weights([0, 3], num_classes=3)
    with pytest.raises(ValueError, match="labels from -1 to 0"):
        class_weights([0, -1], num_classes=3)
    with pytest.raises(ValueError, match="float64"):
        class_weights([0.5])
