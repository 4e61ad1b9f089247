import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain.example_losses import ExampleLosses

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(6, 4)).astype("float32")
Y = np.array([0, 2, 1, 1, 0, 2])


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(5, "tanh", name="hidden"),
            layers.Dense(3, "softmax", name="head"),
        ]
    )


@pytest.fixture(scope="module")
def by_hand(model):
    """Gradients of a softmax regression's loss by the head, and its Hessian."""
    h = np.asarray(model.get_layer("hidden")(X), "float64")
    h = np.concatenate([h, np.ones((6, 1))], axis=1)
    p = np.asarray(model(X), "float64")
    slopes = np.einsum("ni,nj->nij", h, p - np.eye(3)[Y]).reshape(6, -1)
    spread = np.einsum("nj,jk->njk", p, np.eye(3)) - np.einsum(
        "nj,nk->njk", p, p
    )
    hessian = np.einsum("ni,nl,njk->ijlk", h, h, spread) / 6
    return slopes, hessian.reshape(18, 18)


@pytest.mark.parametrize("layers_", ["last", ["head"]])
def test_gradients_and_hessian_of_the_last_layer(layers_, model, by_hand):
    slopes, hessian = by_hand
    losses = ExampleLosses(model, X[:1], layers=layers_, batch_size=4)
    flat = losses.prepared(X)
    np.testing.assert_allclose(losses.gradients(flat, Y), slopes, atol=1e-5)
    vector = RANDOM.normal(size=18)
    for curvature in ("hessian", "gauss-newton"):  # the same of one layer
        product = losses.curvature_product(flat, Y, vector, curvature)
        np.testing.assert_allclose(product, hessian @ vector, atol=1e-5)
    np.testing.assert_array_equal(
        losses.predicted(flat), np.asarray(model(X)).argmax(axis=1)
    )


def test_factors_make_the_gradients(model, by_hand):
    losses = ExampleLosses(model, X[:1], layers="last")
    features, slopes = losses.factors(losses.prepared(X), Y)
    outer = np.einsum("ni,nj->nij", features, slopes).reshape(6, -1)
    np.testing.assert_allclose(outer, by_hand[0], atol=1e-5)


def test_gauss_newton_of_all_layers(model):
    """Against the Jacobian of the logits by central differences."""
    losses = ExampleLosses(model, X[:1], batch_size=4)
    flat, vector = losses.prepared(X), RANDOM.normal(size=43)
    a, b, c, d = (w.astype("float64") for w in model.get_weights())

    def logits(weights):
        first, second = weights[:20].reshape(4, 5), weights[25:40].reshape(5, 3)
        return np.tanh(X @ first + weights[20:25]) @ second + weights[40:]

    at = np.concatenate([w.reshape(-1) for w in (a, b, c, d)])
    steps = 1e-5 * np.eye(43)
    jacobian = np.stack(
        [(logits(at + s) - logits(at - s)) / 2e-5 for s in steps], axis=-1
    )
    p = np.asarray(model(X), "float64")
    moved = jacobian @ vector  # (n, 3)
    curved = p * moved - p * (p * moved).sum(axis=1, keepdims=True)
    expected = np.einsum("nk,nkw->w", curved, jacobian) / 6
    found = losses.curvature_product(flat, Y, vector, "gauss-newton")
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_losses_of_ones_own_and_of_one_logit():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(1, use_bias=False)]
    )
    z = np.asarray(model(X), "float64")
    squared = ExampleLosses(model, X[:1], loss="mean_squared_error")
    target = np.ones((6, 1), "float32")
    np.testing.assert_allclose(
        squared.gradients(squared.prepared(X), target),
        2 * (z - 1) * X,
        atol=1e-5,
    )
    model.add(layers.Activation("sigmoid"))
    binary = ExampleLosses(model, X[:1])
    labels = np.array([0, 1, 1, 0, 1, 0])
    np.testing.assert_allclose(
        binary.gradients(binary.prepared(X), labels),
        (1 / (1 + np.exp(-z)) - labels[:, None]) * X,
        atol=1e-5,
    )
    with pytest.raises(ValueError, match="labels of type float"):
        binary.gradients(binary.prepared(X), labels.astype("float32"))


def test_refuses_layers_that_there_are_not(model):
    with pytest.raises(ValueError, match=r"Received: \['none'\]"):
        ExampleLosses(model, X[:1], layers=["none"])
    with pytest.raises(ValueError, match="ends in 'head'"):
        ExampleLosses(
            model,
            X[:1],
            loss="sparse_categorical_crossentropy",
            layers="last",
        )
    plain = keras.Sequential([keras.Input((4,)), layers.ReLU(name="r")])
    with pytest.raises(ValueError, match="weights that are trained"):
        ExampleLosses(plain, X[:1])
