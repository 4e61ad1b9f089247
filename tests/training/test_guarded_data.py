import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.training import Model
from keras_nn.training import guarded_data


def model():
    inputs = keras.Input((4,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_empty_arrays_are_refused(method):
    x, y = np.ones((0, 4)), np.ones((0, 1))
    arguments = (x,) if method == "predict" else (x, y)
    with pytest.raises(ValueError, match="at least one example.*Received"):
        getattr(model(), method)(*arguments, verbose=0)


def test_an_empty_nest_says_what_it_is():
    x = {"a": np.ones((0, 4)), "b": np.ones((0, 2))}
    with pytest.raises(ValueError, match=r"'a': \(0, 4\), 'b': \(0, 2\)"):
        guarded_data.adapt(model(), x)


@pytest.mark.parametrize(("per_step", "steps"), [(1, 5), (2, 3), (9, 1)])
def test_counts_steps_of_several_batches(per_step, steps):
    data = guarded_data.adapt(
        model(), np.ones((17, 4)), batch_size=4, batches_per_step=per_step
    )
    assert data.num_batches == steps
    assert len(list(data.get_tf_dataset())) == 5


def test_does_not_know_the_length_of_what_has_none():
    endless = tf.data.Dataset.from_tensors(np.ones((2, 4))).repeat()
    data = guarded_data.adapt(model(), endless, batches_per_step=2)
    assert data.num_batches is None


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_weights_of_examples_without_targets_are_not_dropped(method):
    with pytest.raises(ValueError, match="Received: sample_weight without y"):
        getattr(model(), method)(
            np.ones((3, 4)), sample_weight=np.ones(3), verbose=0
        )
