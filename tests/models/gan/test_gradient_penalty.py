import numpy as np
from keras import ops

from keras_nn.models import GradientPenalty

REAL, FAKE = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
W = np.array([[1.0], [2.0], [-2.0]], "float32")


def test_equals_the_paper_for_a_critic_whose_slope_is_known():
    found = GradientPenalty(5.0)(lambda x: ops.matmul(x, W), REAL, FAKE)
    np.testing.assert_allclose(found, np.full(4, 5.0 * (3 - 1) ** 2), rtol=1e-5)


def test_looks_between_the_pictures_of_a_pair():
    seen = []

    def score(x):
        seen.append(np.asarray(x))
        return ops.sum(ops.square(x), axis=-1)

    found = np.asarray(GradientPenalty()(score, REAL, FAKE, seed=3))
    t = (seen[0] - FAKE) / (REAL - FAKE)
    np.testing.assert_allclose(t, np.broadcast_to(t[:, :1], t.shape), rtol=1e-3)
    assert (t > 0).all() and (t < 1).all() and t[:, 0].std() > 0.01
    slope = 2 * np.linalg.norm(seen[0], axis=1)
    np.testing.assert_allclose(found, 10 * (slope - 1) ** 2, rtol=1e-4)


def test_the_slope_that_is_wanted_costs_nothing():
    found = GradientPenalty(target=3.0)(lambda x: ops.matmul(x, W), REAL, FAKE)
    np.testing.assert_allclose(found, np.zeros(4), atol=1e-5)
