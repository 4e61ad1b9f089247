import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers.rnn.recurrent_cell import RecurrentCell


class Counter(RecurrentCell):
    """Adds one to its state at each step."""

    def call(self, inputs, states, training=False):
        (state,) = keras.tree.flatten(states)
        after = self.keep(state, state + 1, training)
        return after, [after]


def run(zoneout, training, steps=6, batch=400):
    layer = keras.layers.RNN(Counter(3, zoneout=zoneout, seed=1))
    x = np.zeros((batch, steps, 1), "float32")
    return ops.convert_to_numpy(layer(x, training=training))


def test_nothing_stays_without_zoneout():
    assert (run(0.0, training=True) == 6).all()


def test_zoneout_keeps_a_share():
    np.testing.assert_allclose(run(0.25, training=False), 6 * 0.75, rtol=1e-5)
    drawn = run(0.25, training=True)
    assert set(np.unique(drawn)) <= set(range(7))
    assert drawn.mean() == pytest.approx(6 * 0.75, abs=0.1)


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="Received: units=0"):
        Counter(0)
    with pytest.raises(ValueError, match="Received: zoneout=1"):
        Counter(2, zoneout=1)
