import keras
import numpy as np
import pytest

from keras_nn.models import MLP
from keras_nn.models import Backbone


class TwoSizes(MLP):
    presets = {"small": {"units": [2]}, "large": {"units": [3, 3]}}


def test_rebuilds_from_its_arguments_not_its_graph():
    model = MLP(input_shape=(4,), units=[3], name="mine")
    config = model.get_config()
    assert "layers" not in config and config["units"] == [3]
    again = MLP.from_config(config)
    assert again.name == "mine" and again.get_config() == config


def test_a_preset_gives_arguments_that_can_be_replaced():
    model = TwoSizes.from_preset("large", input_shape=(4,))
    assert model.units == [3, 3] and model.name == "large"
    assert TwoSizes.from_preset("small", units=[7]).units == [7]


def test_features_are_the_outputs_of_named_layers():
    model = MLP(input_shape=(4,), units=[3, 2])
    x = np.ones((1, 4), "float32")
    hidden, top = model.features(["hidden_0", "predictions"])(x)
    assert hidden.shape == (1, 3)
    np.testing.assert_allclose(top, model(x), rtol=1e-6)


def test_keeps_the_dtype_policy():
    model = MLP(input_shape=(4,), units=[2], dtype="mixed_bfloat16")
    again = MLP.from_config(model.get_config())
    for each in (model, again):
        assert each.dtype_policy.name == "mixed_bfloat16"
        assert each.get_layer("hidden_0").compute_dtype == "bfloat16"


def test_freezing_survives_the_config():
    model = MLP(input_shape=(4,), units=[2])
    model.trainable = False
    assert not MLP.from_config(model.get_config()).trainable_weights


def test_is_a_functional_model():
    assert issubclass(Backbone, keras.Model)
    assert MLP(input_shape=(4,)).inputs[0].shape == (None, 4)


def test_refuses_an_unknown_preset_and_an_unknown_layer():
    with pytest.raises(ValueError, match="Received: preset='huge'"):
        TwoSizes.from_preset("huge")
    with pytest.raises(ValueError, match=r"unknown=\['nowhere'\]"):
        MLP(input_shape=(4,)).features(["hidden_0", "nowhere"])
