import keras
import numpy as np
import pytest

from keras_nn.models import ScoreModel
from keras_nn.testing import check_model

RNG = np.random.default_rng(0)
X = RNG.normal([1.0, -1.0], 0.5, (500, 2)).astype("float32")


def network(outputs=2):
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(16, "softplus", name="hidden"),
            keras.layers.Dense(outputs, name="score"),
        ],
        name="network",
    )


def test_conformance():
    check_model(
        ScoreModel,
        lambda: {"network": network(), "method": "sliced"},
        X[:9],
        epochs=20,
        half=False,
        replicas=False,
    )


@pytest.mark.parametrize("method", ["denoising", "sliced"])
def test_learns_the_score_of_a_normal_density(method):
    keras.utils.set_random_seed(0)
    linear = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model = ScoreModel(linear, method, sigma=0.3)
    rate = keras.optimizers.schedules.CosineDecay(0.08, 200)
    model.compile(keras.optimizers.Adam(rate))
    model.fit(X, batch_size=100, epochs=40, verbose=0)
    variance = X.var(axis=0) + (0.09 if method == "denoising" else 0)
    kernel, bias = linear.get_weights()
    np.testing.assert_allclose(kernel, np.diag(-1 / variance), atol=0.5)
    np.testing.assert_allclose(bias, X.mean(0) / variance, atol=0.6)
    drawn = model.generate(500, steps=200, step_size=0.02, seed=0)
    np.testing.assert_allclose(drawn.mean(0), X.mean(0), atol=0.15)


def test_the_sliced_loss_is_that_of_the_jacobian():
    model = ScoreModel(network(), "sliced")
    model.compile("adam")
    noise = np.asarray(keras.random.normal((3, 2), seed=0))
    w, b, u, c = (np.asarray(x, "float64") for x in model.get_weights()[:4])
    field = X[:3] @ w + b
    said = np.logaddexp(0, field) @ u + c  # softplus
    expected = []
    for row, v in enumerate(noise.astype("float64")):
        jacobian = w @ np.diag(1 / (1 + np.exp(-field[row]))) @ u
        expected.append(v @ jacobian @ v + 0.5 * said[row] @ said[row])
    found = model.objective(X[:3], None, False)["loss"]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_the_denoising_loss_is_the_equation():
    model = ScoreModel(network(), sigma=0.2)
    noise = np.asarray(keras.random.normal((3, 2), seed=0))
    said = np.asarray(model(X[:3] + 0.2 * noise))
    expected = 0.5 * ((0.2 * said + noise) ** 2).sum(1)
    found = model.objective(X[:3], None, False)["loss"]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_refuses_other_methods_and_shapes():
    with pytest.raises(ValueError, match="`method` must be one of"):
        ScoreModel(network(), "exact")
    with pytest.raises(ValueError, match="a score for each value"):
        ScoreModel(network(3))
