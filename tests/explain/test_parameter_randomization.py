import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import NoiseTunnel
from keras_nn.explain import Saliency
from keras_nn.explain import parameter_randomization

X = np.random.default_rng(0).normal(size=(3, 40)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((40,)),
            layers.Rescaling(2.0),
            layers.Dense(16, "relu", name="first"),
            layers.Dense(2, name="last"),
        ]
    )


def test_what_the_model_knew_is_gone_and_comes_back(model):
    before = [w.copy() for w in model.get_weights()]
    found = parameter_randomization(Saliency(model), X, 1)
    assert [path.split("/")[-1] for path in found] == ["last", "first"]
    for similar in found.values():
        assert similar.shape == (3,) and (similar < 0.9).all()
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_method_that_does_not_look_at_the_model_does_not_change(model):
    class Inputs(Saliency):
        def attribute(self, flat, targets):
            return flat, None

    for cascading in (True, False):
        found = parameter_randomization(Inputs(model), X, 1, cascading)
        np.testing.assert_allclose([*found.values()], 1.0)


def test_one_layer_at_a_time_and_through_a_tunnel(model):
    tunnel = NoiseTunnel(Saliency(model), stdevs=0.0, nt_samples=2)
    alone = parameter_randomization(tunnel, X, 1, cascading=False)
    direct = parameter_randomization(Saliency(model), X, 1, cascading=True)
    (last, first), (last_too, first_too) = alone.values(), direct.values()
    # The first step is the same, the second is not.
    np.testing.assert_allclose(last, last_too)
    assert not np.allclose(first, first_too)


def test_refuses_a_model_that_learns_nothing():
    plain = keras.Sequential([keras.Input((3,)), layers.ReLU()])
    with pytest.raises(ValueError, match=r"kinds \['ReLU'\]"):
        parameter_randomization(Saliency(plain), np.ones((1, 3)))
