"""The private names of Keras that the engine stands on are where they were."""

import inspect
from unittest import mock

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.backend.tensorflow import trainer as keras_trainer

from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas
from keras_nn.training import Model
from keras_nn.training import keras_internals


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
        "_assert_compile_called",
        "_get_metrics_result_or_logs",
    ],
)
def test_keras_model_has_the_method(name):
    assert callable(getattr(keras.Model, name))


def test_keras_model_has_the_members_that_the_engine_reads():
    with two_replicas().scope():
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
    assert model._loss_tracker.name == "loss"
    assert keras_internals.strategy_built_under(model) is two_replicas()


def test_the_epochs_of_keras_have_the_members_that_a_position_reads():
    epochs = keras_trainer.TFEpochIterator(
        x=np.ones((6, 1)),
        batch_size=2,
        distribute_strategy=tf.distribute.get_strategy(),
    )
    assert epochs.data_adapter.num_batches == epochs._num_batches == 3
    assert epochs._current_iterator is None and epochs._steps_seen == 0
    assert epochs.steps_per_execution == 1 and epochs.steps_per_epoch is None
    assert isinstance(epochs._get_iterator(), tf.data.Dataset)
    with pytest.warns(UserWarning, match="ran out of data"):
        epochs._interrupted_warning()


def test_spans_workers_asks_whether_a_strategy_has_several():
    several = mock.Mock(spec=tf.distribute.MultiWorkerMirroredStrategy)
    several.extended._in_multi_worker_mode.return_value = True
    assert keras_internals.spans_workers(several)
    assert not keras_internals.spans_workers(two_replicas())
    parameters = inspect.signature(keras_trainer.reduce_per_replica).parameters
    assert list(parameters) == ["values", "strategy", "reduction"]


def test_an_adapter_promises_what_a_guarded_one_passes_on():
    members = {
        name
        for name, member in vars(keras_internals.DataAdapter).items()
        if not name.startswith("_")
    }
    assert members == {
        *("get_numpy_iterator", "get_tf_dataset", "get_jax_iterator"),
        *("get_torch_dataloader", "num_batches", "batch_size"),
        *("has_partial_batch", "partial_batch_size"),
        *("on_epoch_begin", "on_epoch_end"),
    }


def test_the_right_adapter_is_found_and_split():
    x = np.arange(10.0)[:, None]
    assert isinstance(
        keras_internals.get_data_adapter(x), keras_internals.ArrayDataAdapter
    )
    data = tf.data.Dataset.from_tensor_slices(x).batch(2)
    adapter = keras_internals.get_data_adapter(data)
    assert isinstance(adapter, keras_internals.TFDatasetAdapter)

    class Sequence(keras.utils.PyDataset):
        num_batches = 1

        def __getitem__(self, index):
            return (x,)

    sequence = Sequence()
    adapter = keras_internals.get_data_adapter(sequence, class_weight={0: 2})
    assert isinstance(adapter, keras_internals.PyDatasetAdapter)
    assert adapter.py_dataset is sequence and adapter.class_weight == {0: 2}
    (train, _), (validation, _) = keras_internals.train_validation_split(
        (x, x), validation_split=0.3
    )
    assert len(train) == 7 and len(validation) == 3


def test_batches_are_gathered_from_arrays_and_sparse_ones():
    x = {
        "dense": np.arange(8.0).reshape(4, 2),
        "sparse": tf.sparse.from_dense(np.eye(4, dtype="float32")),
    }
    adapter = keras_internals.get_data_adapter(x, np.arange(4), batch_size=2)
    arrays, gather, size = keras_internals.gatherable(adapter)
    assert size == 4
    indices = tf.data.Dataset.from_tensors([3, 1])
    data = tf.data.Dataset.zip(indices, tf.data.Dataset.from_tensors(arrays))
    inputs, targets = next(iter(data.map(gather)))
    np.testing.assert_array_equal(inputs["dense"], x["dense"][[3, 1]])
    sparse = tf.sparse.to_dense(inputs["sparse"])
    np.testing.assert_array_equal(sparse, np.eye(4)[[3, 1]])
    np.testing.assert_array_equal(targets, [3, 1])


def test_the_global_seed_generator_is_the_one_that_random_numbers_come_from():
    keras.utils.clear_session(free_memory=False)
    assert keras_internals.global_seed_generator() is None
    keras.random.normal(())
    generator = keras_internals.global_seed_generator()
    before = np.array(generator.state)
    keras.random.normal(())
    assert not np.array_equal(before, generator.state)
    assert keras_internals.global_seed_generator(make=True) is generator
    keras.utils.clear_session(free_memory=False)
    made = keras_internals.global_seed_generator(make=True)
    assert made is keras_internals.global_seed_generator() is not generator


def test_the_global_tensorflow_generator_is_that_of_tf_random():
    generator = tf.random.get_global_generator()
    assert keras_internals.global_tensorflow_generator() is generator
    other = tf.random.Generator.from_seed(1)
    tf.random.set_global_generator(other)
    assert keras_internals.global_tensorflow_generator() is other
    tf.random.set_global_generator(generator)


def test_a_model_of_inputs_and_outputs_is_known_and_becomes_functional():
    inputs = keras.Input((2,))
    outputs = keras.layers.Dense(1)(inputs)
    known = keras_internals.functional_init_arguments
    assert known((inputs, outputs), {})
    assert known((), {"inputs": inputs, "outputs": outputs})
    assert not known((), {"name": "a"}) and not known((inputs,), {})
    model = Model(inputs, outputs)
    assert isinstance(model, keras_internals.Functional)
    assert type(model) is not Model and type(model).__name__ == "Model"
    name = keras.saving.get_registered_name(type(model))
    assert name == "keras_nn>Model"


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
@pytest.mark.parametrize("run_eagerly", slow_but(False, of=[False, True]))
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
