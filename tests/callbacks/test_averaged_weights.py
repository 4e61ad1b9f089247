import keras
import numpy as np

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.training import MultiPlayerModel


def test_averages_stand_in_for_weights_and_leave_again():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
    model.compile(optimizer, "mse")
    model.train_on_batch(np.ones((4, 1)), np.ones((4, 1)))
    weights = [w.numpy().copy() for w in model.trainable_variables]
    averages = [
        np.array(a) for a in model.optimizer._model_variables_moving_average
    ]
    averages[0] = np.full_like(averages[0], 7.0)
    model.optimizer._model_variables_moving_average[0].assign(averages[0])
    with averaged_weights(model):
        for weight, average in zip(
            model.trainable_variables, averages, strict=True
        ):
            np.testing.assert_allclose(weight.numpy(), average)
    for weight, value in zip(model.trainable_variables, weights, strict=True):
        np.testing.assert_allclose(weight.numpy(), value)


class TugOfWar(MultiPlayerModel):
    schedule = ("left", "right")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = self.add_weight(name="left")
        self.right = self.add_weight(name="right")
        self.built = True

    def player_weights(self, player):
        return [getattr(self, player)]

    def player_loss(self, player, x, y, sample_weight, training):
        rope = keras.ops.mean(x) * (self.left - self.right)
        return rope if player == "left" else -rope

    def call(self, x):
        return x * (self.left - self.right)


def test_each_player_that_averages_has_its_averages():
    model = TugOfWar()
    averaging = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    model.compile({"left": averaging, "right": "sgd"})
    left, right = float(model.left.numpy()), float(model.right.numpy())
    with averaged_weights(model):  # there are none before a step
        assert float(model.left.numpy()) == left
    for _ in range(2):
        model.train_on_batch(np.ones((4, 1), "float32"))
    right = float(model.right.numpy())
    with averaged_weights(model):
        # Half of the average, left - 1, and half of the weight, left - 2.
        assert float(model.left.numpy()) == np.float32(left - 1.5)
        assert float(model.right.numpy()) == right
    assert float(model.left.numpy()) == np.float32(left - 2)
