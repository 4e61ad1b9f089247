import keras
import numpy as np
import pytest

from keras_nn.models.divergence import check_converged


def test_names_the_first_epoch_that_is_no_number():
    history = keras.callbacks.History()
    history.history = {"loss": [1.0, 0.5], "mystery": [np.nan]}
    assert check_converged(history, history) is history
    history.history["val_loss"] = [0.1, np.inf, np.nan]
    with pytest.raises(
        ValueError, match="History diverged in epoch 2.*val_loss=inf"
    ):
        check_converged(history, history)
