"""The private names of Keras that the engine stands on are where they were."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.backend.tensorflow.optimizer import TFOptimizer
from keras.src.losses import loss as keras_loss
from keras.src.optimizers.base_optimizer import BaseOptimizer

from keras_nn.testing import two_replicas
from keras_nn.training import Model
from keras_nn.training import keras_internals

HOOKS = [
    (keras_loss, "scale_loss_for_distribution", ["value"]),
    (keras_loss, "unscale_loss_for_distribution", ["value"]),
    (
        keras_loss,
        "reduce_weighted_values",
        ["values", "sample_weight", "mask", "reduction", "dtype"],
    ),
    (BaseOptimizer, "apply", ["self", "grads", "trainable_variables"]),
    (BaseOptimizer, "scale_loss", ["self", "loss"]),
    (
        keras.optimizers.LossScaleOptimizer,
        "apply",
        ["self", "grads", "trainable_variables"],
    ),
    (keras.optimizers.LossScaleOptimizer, "scale_loss", ["self", "loss"]),
    (TFOptimizer, "_all_reduce_sum_gradients", ["self", "grads_and_vars"]),
    (
        BaseOptimizer,
        "_backend_apply_gradients",
        ["self", "grads", "trainable_variables"],
    ),
    (BaseOptimizer, "_get_current_learning_rate", ["self"]),
]


@pytest.mark.parametrize(("owner", "name", "parameters"), HOOKS)
def test_a_hook_sits_on_a_function_of_the_known_form(owner, name, parameters):
    hooked = getattr(owner, name)
    assert list(inspect.signature(hooked).parameters) == parameters
    assert hooked.keras_original.__name__ == name


def test_installing_twice_changes_nothing():
    before = BaseOptimizer.apply
    keras_internals.install()
    assert BaseOptimizer.apply is before


def test_an_optimiser_has_the_members_that_the_engine_reads():
    optimizer = keras.optimizers.SGD(
        use_ema=True, weight_decay=0.1, gradient_accumulation_steps=2
    )
    weight = keras.Variable([1.0])
    optimizer.build([weight])
    assert optimizer._get_variable_index(weight) == 0
    assert len(optimizer._accumulated_gradients) == 1
    assert len(optimizer._model_variables_moving_average) == 1
    assert optimizer._trainable_variables == [weight]
    assert int(optimizer._iterations) == 0
    for name in ("clip_gradients", "apply_weight_decay", "backend_update_step"):
        assert callable(getattr(optimizer, f"_{name}"))
    assert callable(optimizer._update_model_variables_moving_average)


@pytest.mark.parametrize(
    "name",
    [
        "_make_function",
        "_symbolic_build",
        "_maybe_symbolic_build",
        "_autoconvert_optionals",
    ],
)
def test_keras_model_has_the_method(name):
    assert callable(getattr(keras.Model, name))


def test_a_loss_looks_its_reduction_up_at_call_time():
    source = inspect.getsource(keras_loss.Loss.__call__)
    assert "reduce_weighted_values(" in source
    assert "scale_loss_for_distribution(" in inspect.getsource(
        keras_loss.reduce_values
    )


def executed(steps, data, run_eagerly=False):
    """Weights, steps and predictions on two replicas."""
    keras.utils.set_random_seed(0)
    with two_replicas().scope():
        inputs = keras.Input((2,))
        model = Model(inputs, keras.layers.Dense(1)(inputs))
        model.compile(
            keras.optimizers.SGD(0.1),
            "mse",
            metrics=["mae"],
            steps_per_execution=steps,
            run_eagerly=run_eagerly,
        )
        history = model.fit(data, epochs=2, verbose=0).history
        tested = model.evaluate(data, verbose=0)
        predicted = model.predict(data, verbose=0)
    assert int(model.optimizer.iterations.numpy()) == 10
    return history, tested, predicted


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_several_steps_in_one_execution_are_those_of_several(
    known, run_eagerly
):
    x = np.random.default_rng(0).normal(size=(17, 2)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices((x, x[:, :1])).batch(4)
    if not known:
        data = data.filter(lambda x, y: True)
    expected = executed(1, data)
    received = executed(3, data, run_eagerly)
    for left, right in zip(
        keras.tree.flatten(received), keras.tree.flatten(expected), strict=True
    ):
        np.testing.assert_allclose(left, right, rtol=1e-5)
