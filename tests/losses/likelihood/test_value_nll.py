import numpy as np
import pytest
from keras import ops

from keras_nn.losses import ValueNLL


class Absolute(ValueNLL):
    def value_nll(self, y_true, y_pred):
        return ops.abs(y_true - y_pred)


def test_values_of_an_example_are_added_up():
    nats = Absolute(reduction="none")(np.ones((2, 3, 2)), np.zeros((2, 3, 2)))
    np.testing.assert_allclose(nats, [6, 6])


def test_a_subclass_must_say_its_terms():
    loss = ValueNLL()
    for method in (loss.mean, loss.draw):
        with pytest.raises(NotImplementedError, match="ValueNLL defines no"):
            method(np.zeros((1, 1)))
    with pytest.raises(NotImplementedError, match="`value_nll`"):
        loss.value_nll(np.zeros((1, 1)), np.zeros((1, 1)))
