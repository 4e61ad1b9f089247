"""The private names of Keras that the engine replaces are where they were."""

import inspect

import keras
import pytest
import tensorflow as tf
from keras.src.backend.tensorflow import trainer as keras_trainer
from keras.src.backend.tensorflow.optimizer import TFOptimizer
from keras.src.layers.layer import Layer
from keras.src.losses import loss as keras_loss
from keras.src.optimizers.base_optimizer import BaseOptimizer

from keras_nn.training import keras_hooks

HOOKS = [
    (keras_loss, "scale_loss_for_distribution", ["value"]),
    (keras_loss, "unscale_loss_for_distribution", ["value"]),
    (
        keras_loss,
        "reduce_weighted_values",
        ["values", "sample_weight", "mask", "reduction", "dtype"],
    ),
    (Layer, "add_loss", ["self", "loss"]),
    (Layer, "_get_own_losses", ["self"]),
    (Layer, "_clear_losses", ["self"]),
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
    (keras_trainer.TFEpochIterator, "_enumerate_iterator", ["self"]),
]


@pytest.mark.parametrize(("owner", "name", "parameters"), HOOKS)
def test_a_hook_sits_on_a_function_of_the_known_form(owner, name, parameters):
    hooked = getattr(owner, name)
    assert list(inspect.signature(hooked).parameters) == parameters
    assert hooked.keras_original.__name__ == name


def test_installing_twice_changes_nothing():
    before = BaseOptimizer.apply
    keras_hooks.install()
    assert BaseOptimizer.apply is before


def test_a_loss_looks_its_reduction_up_at_call_time():
    source = inspect.getsource(keras_loss.Loss.__call__)
    assert "reduce_weighted_values(" in source
    assert "scale_loss_for_distribution(" in inspect.getsource(
        keras_loss.reduce_values
    )


def test_a_schedule_is_where_the_engine_looks_for_it():
    schedule = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
    optimizer = keras.optimizers.SGD(schedule, gradient_accumulation_steps=2)
    assert optimizer._learning_rate is schedule
    optimizer.build([keras.Variable([1.0])])
    optimizer._iterations.assign(4)
    assert float(optimizer.learning_rate) == 0.5**4
    keras_hooks.count_updates(optimizer)
    assert float(optimizer._get_current_learning_rate()) == 0.5**2


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_the_epochs_of_keras_ask_the_hook_and_notice_the_end_of_the_data():
    data = tf.data.Dataset.range(3).filter(lambda _: True)  # length not known
    epochs = keras_trainer.TFEpochIterator(
        x=data, distribute_strategy=tf.distribute.get_strategy()
    )
    assert epochs._num_batches is None
    asked = []

    class Position:
        def steps(self, epochs):
            epochs._current_iterator = iter(epochs._get_iterator())
            for step in range(5):
                asked.append(step)
                epochs._steps_seen = step
                yield step, step, epochs._current_iterator

    epochs.data_adapter.position = Position()
    seen = []
    with epochs.catch_stop_iteration():
        for _, _, iterator in iter(epochs)._epoch_iterator:
            seen.append(int(next(iterator)))
    assert seen == [0, 1, 2] and asked == [0, 1, 2, 3]
    assert epochs._num_batches == 3 and epochs._current_iterator is None
