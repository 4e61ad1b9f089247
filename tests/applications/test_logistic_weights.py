import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from keras_nn.applications.logistic_weights import logistic_weights


@pytest.mark.parametrize("classes", [2, 3])
def test_says_what_the_regression_says(classes):
    random = np.random.default_rng(classes)
    x = 5 + 3 * random.normal(size=(60, 4))
    y = random.integers(0, classes, 60)
    kernel, bias = logistic_weights(x, y, classes)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    twin = LogisticRegression(max_iter=1000).fit(scaled, y)
    odds = x @ kernel + bias
    p = np.exp(odds - odds.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(p, twin.predict_proba(scaled), atol=1e-4)
