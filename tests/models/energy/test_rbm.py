import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import RBM
from keras_nn.testing import slow_but
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.integers(0, 2, (9, 4)).astype("float32")


def test_arguments_are_kept():
    # Its outputs know nothing of the visible biases: no `check_model`.
    given = {"example_shape": (4,), "hidden_units": 3, "method": "tempering"}
    check_arguments(RBM, RBM(**given), given)


def test_free_energy_is_the_sum_over_hidden_states(all_states, shaken):
    model = shaken(RBM((10,), 4))
    v, h = all_states(10), all_states(4)
    w, a, b = (np.asarray(x, "float64") for x in model.get_weights()[:3])
    energy = -(v @ a)[:, None] - h @ b - v @ w @ h.T
    expected = -np.log(np.exp(-energy).sum(1))
    np.testing.assert_allclose(
        model.free_energy(v), expected, rtol=1e-5, atol=1e-6
    )


def test_annealing_finds_the_partition_function(all_states, shaken):
    model = shaken(RBM((10,), 6))
    v = all_states(10)
    exact = np.log(np.exp(-np.asarray(model.free_energy(v), "float64")).sum())
    log_z, low, high = model.log_partition(200, 500)
    assert low <= exact <= high and abs(log_z - exact) < 0.05
    likelihoods = model.log_likelihood(v, exact)
    assert np.exp(likelihoods).sum() == pytest.approx(1, rel=1e-4)


def test_annealing_of_real_values(all_states, shaken):
    model = shaken(RBM((5,), 4, "gaussian"), 0.4)
    h = all_states(4)
    w, a, b = (np.asarray(x, "float64") for x in model.get_weights()[:3])
    told = h @ w.T
    terms = h @ b + told @ a + 0.5 * (told**2).sum(1)
    exact = np.log(np.exp(terms).sum()) + 2.5 * np.log(2 * np.pi)
    assert abs(model.log_partition(200, 500)[0] - exact) < 0.05


def test_the_gradient_is_that_of_contrastive_divergence(shaken):
    model = shaken(RBM((4,), 3))
    drawn = RNG.integers(0, 2, X.shape).astype("float32")
    model.gibbs.sample = lambda *_: tf.constant(drawn)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model.objective(X, None, True)["loss"])
    found = tape.gradient(loss, model.kernel.value)
    expected = drawn.T @ np.asarray(model.features(drawn))
    expected = expected - X.T @ np.asarray(model.features(X))
    np.testing.assert_allclose(found, expected / len(X), atol=1e-5)
    shown = model.objective(X, None, False)["loss"]
    assert float(loss) == pytest.approx(float(tf.reduce_mean(shown)), rel=1e-5)


@pytest.mark.parametrize(
    "method", slow_but("pcd", of=["cd", "pcd", "tempering"])
)
def test_learns_two_patterns(method, tmp_path):
    keras.utils.set_random_seed(0)
    x = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 100, "float32")
    model = RBM((4,), 4, method=method, steps=2, chains=50, temperatures=3)
    model.compile(keras.optimizers.Adam(0.03))
    model.fit(x, batch_size=50, epochs=60, verbose=0)
    drawn = model.generate(200, steps=50, seed=0).round()
    found = (drawn[:, None] == x[:2]).all(-1)
    assert found.any(1).mean() > 0.8 and found.mean(0).min() > 0.15
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(loaded(x[:2]), model(x[:2]), atol=1e-6)


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class NotRandom(RBM):
    """Its chain ends at the means of one step."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.gibbs.sample = lambda v, *_: self.expected(self.features(v))


def test_two_replicas_equal_one():
    def build():
        model = NotRandom((4,), 3)
        model.compile(keras.optimizers.SGD(0.1))
        return model

    check_replica_step(build, (X[:5],))


@pytest.mark.parametrize(
    "given, message",
    [
        ({"visible": "poisson"}, "`visible` must be one of"),
        ({"method": "ml"}, "`method` must be one of"),
        ({"steps": 0}, "must be positive"),
        ({"method": "tempering", "visible": "gaussian"}, "no hottest"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        RBM((2,), 2, **given)


def test_refuses_values_outside_the_range():
    model = RBM((4,), 2)
    model.compile("adam")
    with pytest.raises(ValueError, match="values from 0 to 1"):
        model.fit(2 * X, verbose=0)
