import keras
import numpy as np

from keras_nn.callbacks import TensorBoard
from keras_nn.callbacks import callback_state


def test_attributes_are_kept_but_not_arguments():
    stopping = keras.callbacks.EarlyStopping(patience=3)
    stopping.wait, stopping.best = 2, 0.5
    stopping.best_weights = [np.ones(2)]
    states = callback_state.of_all([stopping])
    assert "patience" not in states["EarlyStopping-0"]

    other = keras.callbacks.EarlyStopping(patience=7)
    callback_state.restore([other], states)
    assert (other.wait, other.best, other.patience) == (2, 0.5, 7)
    np.testing.assert_array_equal(other.best_weights[0], 1.0)


def test_folders_of_instruments_come_once():
    callbacks = [TensorBoard("a"), keras.callbacks.History(), TensorBoard("a")]
    assert callback_state.log_dirs(callbacks) == ["a"]
