import keras
import numpy as np
import pytest

from keras_nn.training import MultiPlayerModel
from keras_nn.training import ObjectiveModel
from keras_nn.training.divergence import check_converged


def test_names_the_first_epoch_that_is_no_number():
    history = keras.callbacks.History()
    history.history = {"loss": [1.0, 0.5], "mystery": [np.nan]}
    assert check_converged(history, history) is history
    history.history["val_loss"] = [0.1, np.inf, np.nan]
    with pytest.raises(
        ValueError, match="History diverged in epoch 2.*val_loss=inf"
    ):
        check_converged(history, history)


class Grows(ObjectiveModel):
    """Whose loss is too large for a float from the second epoch on."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.centre = self.add_weight(name="centre")
        self.built = True

    def call(self, x):
        return x - self.centre

    def objective(self, x, y, training):
        return {"loss": (x[:, 0] - self.centre) ** 2}


class BothGrow(MultiPlayerModel):
    schedule = ("left", "right")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = self.add_weight(name="left")
        self.right = self.add_weight(name="right")
        self.built = True

    def call(self, x):
        return x - self.left

    def player_weights(self, player):
        return [getattr(self, player)]

    def player_loss(self, player, x, y, sample_weight, training):
        return keras.ops.mean((x - getattr(self, player)) ** 2)


class Knows(keras.callbacks.Callback):
    names_divergence = True


@pytest.mark.parametrize(
    "cls, optimizer",
    [
        (Grows, lambda: keras.optimizers.SGD(1e25)),
        (
            BothGrow,
            lambda: {
                "left": keras.optimizers.SGD(0.0),
                "right": keras.optimizers.SGD(1e25),
            },
        ),
    ],
)
def test_models_that_know_their_objective_name_it(cls, optimizer):
    x = np.ones((4, 1), "float32")
    model = cls()
    model.compile(optimizer())
    with pytest.raises(
        ValueError, match=f"a {cls.__name__} diverged in epoch 2"
    ):
        model.fit(x, epochs=2, verbose=0)
    found = model.fit(x, verbose=0, callbacks=[Knows()]).history
    assert not np.isfinite(found["loss"]).all()  # what the callback has named
