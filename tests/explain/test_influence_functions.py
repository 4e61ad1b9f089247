import keras
import numpy as np
import pytest

from keras_nn.explain import InfluenceFunctions

DECAY = 0.05


def hessian(w, x):
    p = 1 / (1 + np.exp(-x @ w))
    return (x.T * (p * (1 - p))) @ x / len(x) + DECAY * np.eye(len(w))


def minimum(x, y):
    """The weights of a logistic regression with weight decay, by Newton."""
    w = np.zeros(x.shape[1])
    for _ in range(30):
        slope = x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(x) + DECAY * w
        w = w - np.linalg.solve(hessian(w, x), slope)
    return w


@pytest.fixture(scope="module")
def regression():
    """Examples, the trained model, and examples that are asked about."""
    random = np.random.default_rng(0)
    x = random.normal(size=(60, 4))
    y = (x @ [2.0, -1, 0.5, 0] + random.normal(size=60) > 0).astype(int)
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(1, "sigmoid", use_bias=False)]
    )
    model.set_weights([minimum(x, y)[:, None]])
    return x, y, model, random.normal(size=(3, 4)), np.array([0, 1, 1])


@pytest.fixture(scope="module")
def found(regression):
    x, y, model, asked, labels = regression
    return {
        solver: InfluenceFunctions(
            model, x, y, DECAY, solver, tolerance=1e-6, batch_size=25
        )(asked, labels).scores
        for solver in ("cg", "exact")
    }


@pytest.mark.parametrize("solver", ["cg", "exact"])
def test_equals_the_closed_form_of_logistic_regression(
    solver, regression, found
):
    x, y, _, asked, labels = regression
    w = minimum(x, y)

    def slopes(x, y):
        return (1 / (1 + np.exp(-x @ w)) - y)[:, None] * x

    turned = np.linalg.solve(hessian(w, x), slopes(x, y).T)
    expected = slopes(asked, labels) @ turned / len(x)
    np.testing.assert_allclose(found[solver], expected, rtol=1e-3, atol=1e-6)


def test_foretells_the_loss_without_an_example(regression, found):
    x, y, _, asked, labels = regression

    def losses(w):
        return np.log1p(np.exp(-(2 * labels - 1) * (asked @ w)))

    whole = losses(minimum(x, y))
    left_out = np.stack(
        [
            losses(minimum(np.delete(x, i, 0), np.delete(y, i))) - whole
            for i in range(len(x))
        ],
        axis=1,
    )
    for foretold, seen in zip(found["cg"], left_out, strict=True):
        assert np.corrcoef(foretold, seen)[0, 1] > 0.99
        # To first order: the slope of one on the other is near 1.
        assert 0.85 < (foretold @ seen) / (seen @ seen) < 1.15


def test_refuses_what_has_no_minimum_and_what_does_not_converge(regression):
    x, y, model, asked, labels = regression
    with pytest.raises(ValueError, match="Received: 'lu'"):
        InfluenceFunctions(model, x, y, solver="lu")
    with pytest.raises(ValueError, match="Received: 'fisher'"):
        InfluenceFunctions(model, x, y, curvature="fisher")
    with pytest.raises(ValueError, match="Received: damping=-1"):
        InfluenceFunctions(model, x, y, damping=-1)
    with pytest.raises(ValueError, match="did not converge.*after 1 steps"):
        InfluenceFunctions(model, x, y, 1e-4, max_steps=1)(asked, labels)


@pytest.mark.slow
def test_of_several_layers_only_gauss_newton_is_convex(regression):
    x, y, _, asked, labels = regression
    deep = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(3, "tanh"),
            keras.layers.Dense(2, "softmax"),
        ]
    )
    for solver in ("cg", "exact"):
        functions = InfluenceFunctions(
            deep, x, y, 0.0, solver, layers=None, batch_size=60
        )
        with pytest.raises(ValueError, match="must be positive definite"):
            functions(asked[:1], labels[:1])
    convex = InfluenceFunctions(
        deep, x, y, 0.1, curvature="gauss-newton", layers=None, batch_size=60
    )
    assert np.isfinite(convex(asked[:1], labels[:1]).scores).all()
