import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import IntegratedGradients

X = np.random.default_rng(0).normal(size=(4, 6)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(16, "relu"),
            layers.Dense(16, "tanh"),
            layers.Dense(3, "softmax"),
        ]
    )


def worst(model, steps, **options):
    explain = IntegratedGradients(model, n_steps=steps, **options)
    return np.abs(explain(2 * X, 1, baselines=-X[::-1]).convergence_delta).max()


def test_completeness_gets_better_with_more_steps(model):
    few, some, many = (worst(model, n) for n in (5, 50, 500))
    assert some < 1e-2
    assert many < some / 3 < few


@pytest.mark.parametrize(
    "rule",
    ["riemann_left", "riemann_middle", "riemann_right", "riemann_trapezoid"],
)
def test_every_rule_converges(rule, model):
    assert worst(model, 2000, rule=rule) < 1e-2


def test_equals_the_integral_of_a_product():
    one, two = keras.Input((1,)), keras.Input((1,))
    model = keras.Model([one, two], layers.Multiply()([one, two]))
    found = IntegratedGradients(model, n_steps=4)(
        [np.array([[3.0]]), np.array([[5.0]])], baselines=[1.0, 1.0]
    )
    # (x - b) * mean of the other factor on the way
    np.testing.assert_allclose(
        [a.item() for a in found.attributions], [2 * 3, 4 * 2], rtol=1e-5
    )


def test_a_saturated_unit_still_gets_its_due():
    model = keras.Sequential(
        [keras.Input((1,)), layers.Dense(1), layers.ReLU(max_value=1.0)]
    )
    model.layers[0].kernel.assign([[1.0]])
    found = IntegratedGradients(model, n_steps=400)(np.array([[4.0]]))
    assert found.attributions.item() == pytest.approx(1.0, abs=0.02)


def test_refuses_unknown_rules_and_too_few_steps(model):
    with pytest.raises(ValueError, match="Received: rule='simpson'"):
        IntegratedGradients(model, rule="simpson")
    with pytest.raises(ValueError, match="Received: n_steps=0"):
        IntegratedGradients(model, n_steps=0)
    with pytest.raises(ValueError, match="at least 2. Received: n_steps=1"):
        IntegratedGradients(model, n_steps=1, rule="riemann_trapezoid")
