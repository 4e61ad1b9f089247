import keras
import numpy as np
import pytest

from keras_nn.testing import two_replicas
from keras_nn.training import Model


def fit_on_two(optimizer="sgd", **compile_options):
    with two_replicas().scope():
        inputs = keras.Input((2,))
        model = Model(inputs, keras.layers.Dense(1)(inputs))
        model.compile(optimizer, "mse", **compile_options)
        model.fit(np.ones((4, 2)), np.ones((4, 1)), 4, verbose=0)
    return model


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"jit_compile": True}, "jit_compile=True"),
        ({"steps_per_execution": 4}, "steps_per_execution=4"),
        (
            {"optimizer": keras.optimizers.SGD(gradient_accumulation_steps=2)},
            "gradient_accumulation_steps=2",
        ),
        (
            {
                "optimizer": keras.optimizers.SGD(
                    use_ema=True, ema_overwrite_frequency=3
                )
            },
            "ema_overwrite_frequency=3",
        ),
    ],
)
def test_what_keras_cannot_do_on_replicas_is_refused(options, name):
    with pytest.raises(ValueError, match=f"Received: .*{name}.*2 replicas"):
        fit_on_two(**options)


def test_the_same_settings_are_fine_on_one_device():
    optimizer = keras.optimizers.SGD(gradient_accumulation_steps=2)
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile(optimizer, "mse", steps_per_execution=2)
    model.fit(np.ones((8, 2)), np.ones((8, 1)), 2, verbose=0)
    assert int(optimizer.iterations) == 2  # four batches, two updates


def test_a_model_from_outside_the_scope_is_refused():
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    with two_replicas().scope():
        with pytest.raises(ValueError, match="inside `with strategy.scope"):
            model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
