import keras

from keras_nn.training.uncompiled_config import uncompiled_config


def test_a_part_comes_back_without_its_optimiser():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    expected = keras.saving.serialize_keras_object(model)
    expected.pop("compile_config")
    model.compile("sgd", "mse")
    assert "compile_config" in keras.saving.serialize_keras_object(model)
    config = uncompiled_config(model)
    assert config == expected
    assert not keras.saving.deserialize_keras_object(config).compiled


def test_no_model_has_no_config():
    assert uncompiled_config(None) is None
