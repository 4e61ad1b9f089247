"""One worker process of `test_strategy.py`; writes what it learnt as JSON."""

import json
import pathlib
import sys

from keras_nn.training import strategy

chosen = strategy("auto")  # before anything runs on TensorFlow

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import ops  # noqa: E402

from keras_nn.training import Model  # noqa: E402
from keras_nn.training import MultiPlayerModel  # noqa: E402
from keras_nn.training import is_chief  # noqa: E402


class PlainLoss(Model):
    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        return ops.mean(ops.square(y - y_pred))


class Rivals(MultiPlayerModel):
    schedule = ("left", "right")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = keras.Sequential([keras.Input((4,)), _dense("left")])
        self.right = keras.Sequential([keras.Input((4,)), _dense("right")])
        self.built = True

    def call(self, x):
        return self.left(x) - self.right(x)

    def player_weights(self, player):
        return getattr(self, player).trainable_weights

    def player_loss(self, player, x, y, sample_weight, training):
        gap = ops.mean(ops.square(self(x) - y))
        other = ops.mean(ops.square(self.right(x)))
        return gap if player == "left" else other - 0.1 * gap


def _dense(name):
    return keras.layers.Dense(1, name=name)


def _network(cls):
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, activation="tanh")(inputs)
    return cls(inputs, keras.layers.Dense(1, activation="sigmoid")(x))


def _trained(kind):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(29, 4)).astype("float32")  # batches of 11, 11, 7
    y = (x[:, :1] > 0.2).astype("float32")
    with chosen.scope():
        metrics = ["mae", keras.metrics.AUC(name="auc")]
        metrics.append(keras.metrics.F1Score(threshold=0.5, name="f1"))
        if kind == "two players":
            model = Rivals()
            model.compile({"left": "sgd", "right": "adam"})
        else:
            model = _network(Model if kind == "supervised" else PlainLoss)
            optimizer = keras.optimizers.SGD(0.1, global_clipnorm=0.5)
            model.compile(optimizer, "mse", metrics=metrics)
        history = model.fit(
            x, y, 11, epochs=7, verbose=0, shuffle=False, validation_data=(x, y)
        )
        model.predict(x, batch_size=11, verbose=0)
    weights = np.concatenate([w.ravel() for w in model.get_weights()])
    logs = {k: float(np.ravel(v[-1])[0]) for k, v in history.history.items()}
    steps = int(model.all_optimizers[0].iterations.numpy())
    return {"weights": weights.tolist(), "logs": logs, "steps": steps}


if __name__ == "__main__":
    kinds = ("supervised", "compute_loss", "two players")
    result = {kind: _trained(kind) for kind in kinds}
    with chosen.scope():
        result["chief"] = is_chief()
    pathlib.Path(sys.argv[1]).write_text(json.dumps(result))
