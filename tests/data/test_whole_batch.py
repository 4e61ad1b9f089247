import numpy as np
import pytest

from keras_nn.data import WholeBatch
from keras_nn.models import MLP
from keras_nn.training import Model


def batch(value=1.0):
    return np.full((4, 3), value, "float32"), np.array([0, 1, 2, 1])


def test_every_pass_is_the_batch_once():
    data = WholeBatch(batch())
    for epoch in (0, 7):
        ((x, y),) = data.at(epoch)
        np.testing.assert_array_equal(x, batch()[0])
        np.testing.assert_array_equal(y, batch()[1])
    assert list(data.at(0, batch=1)) == []
    assert len(list(data.dataset())) == 1


def test_a_pass_may_hold_it_several_times():
    data = WholeBatch(batch(), num_batches=3)
    assert len(list(data.at(0))) == len(list(data.dataset())) == 3
    assert len(list(data.at(5, batch=2))) == 1
    network = MLP(input_shape=(3,), units=[], classes=3)
    model = Model(network.input, network.output)
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(data, epochs=2, verbose=0)
    assert int(model.optimizer.iterations) == 6


@pytest.mark.parametrize(
    "wrong, text",
    [
        (batch(np.nan), "finite"),
        ((batch()[0], np.array([0, 1, 2, 3])), "Received: 3 in example 3"),
    ],
)
def test_fit_looks_at_it_before_training(wrong, text):
    network = MLP(input_shape=(3,), units=[], classes=3)
    model = Model(network.input, network.output)
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match=text):
        model.fit(WholeBatch(wrong), verbose=0)
    with pytest.raises(ValueError, match=text):
        model.evaluate(WholeBatch(wrong), verbose=0)
    model.fit(WholeBatch(batch()), epochs=2, verbose=0)
