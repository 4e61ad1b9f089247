import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import RBM
from keras_nn.models.energy.gibbs_chains import drawn


def moments(model, v):
    p = np.exp(-np.asarray(model.free_energy(v), "float64"))
    p /= p.sum()
    return p @ v


def test_chains_have_the_moments_of_the_machine(all_states, shaken):
    model = shaken(RBM((5,), 3), 1.0)
    v = all_states(5)
    start = np.random.default_rng(0).uniform(size=(4000, 5))
    seed = keras.random.SeedGenerator(0)
    found = model.gibbs.sample(start.astype("float32"), 60, seed)
    np.testing.assert_allclose(
        np.asarray(found).mean(0), moments(model, v), atol=0.04
    )


def test_chains_of_real_values_have_the_moments(all_states, shaken):
    model = shaken(RBM((3,), 2, "gaussian"), 1.0)
    h = all_states(2)
    w, a, b = (np.asarray(x, "float64") for x in model.get_weights()[:3])
    centres = a + h @ w.T  # of the Gaussians that the machine mixes
    p = np.exp(h @ b + 0.5 * (centres**2 - a**2).sum(1))
    p /= p.sum()
    mean = p @ centres
    deviation = np.sqrt(1 + p @ (centres - mean) ** 2)
    start = np.random.default_rng(0).normal(size=(4000, 3))
    seed = keras.random.SeedGenerator(0)
    found = model.gibbs.sample(start.astype("float32"), 60, seed)
    np.testing.assert_allclose(np.mean(found, 0), mean, atol=0.1)
    np.testing.assert_allclose(np.std(found, 0), deviation, atol=0.1)


@pytest.mark.slow
def test_the_coldest_of_tempered_chains_has_the_moments(all_states, shaken):
    model = shaken(RBM((5,), 3, method="tempering"), 1.0)
    start = np.random.default_rng(0).integers(0, 2, (3, 4000, 5))
    seed = keras.random.SeedGenerator(0)
    found = np.asarray(
        model.gibbs.go_on(ops.convert_to_tensor(start, "float32"), 60, seed)
    )
    expected = moments(model, all_states(5))
    np.testing.assert_allclose(found[0].mean(0), expected, atol=0.04)
    np.testing.assert_allclose(found[2].mean(0), 0.5, atol=0.04)


def test_draws_are_zeros_and_ones_of_their_probabilities():
    found = np.asarray(drawn(0.3 * ops.ones((5000,)), 0))
    assert set(found) == {0.0, 1.0} and abs(found.mean() - 0.3) < 0.03


def test_refuses_no_step():
    with pytest.raises(ValueError, match="`count` and `steps`"):
        RBM((2,), 2).generate(1, steps=0)
