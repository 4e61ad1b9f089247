import keras
import tensorflow as tf
from keras import ops

from keras_nn.training.divergence import ADVICE
from keras_nn.training.model import Model


class ObjectiveModel(Model):
    """A model whose loss is a function of the batch, not of its outputs.

    A variational autoencoder or a flow is trained on a bound or a likelihood,
    which the outputs of `call` do not tell. A subclass implements

    - `objective(x, y, training)`: dict of float tensors `(batch,)`: `"loss"`,
      what is made small, and what else is worth seeing;
    - `parts`: tuple of the other names, which stand in the logs beside
      `loss`.

    The step weighs examples by `sample_weight`, adds the losses of layers
    (regularisers) to `loss`, and is right on replicas and in half precision.
    A `fit` whose loss stops being a number raises a ValueError that says so.

    Example:

    >>> import keras, numpy as np
    >>> from keras_nn.training import ObjectiveModel
    >>> class Centre(ObjectiveModel):
    ...     parts = ("distance",)
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         self.centre = self.add_weight(name="centre")
    ...         self.built = True
    ...     def objective(self, x, y, training):
    ...         distance = keras.ops.abs(x[:, 0] - self.centre)
    ...         return {"loss": distance**2, "distance": distance}
    ...     def call(self, x):
    ...         return x - self.centre
    >>> model = Centre()
    >>> model.compile("sgd")
    >>> sorted(model.fit(np.ones((4, 1)), verbose=0).history)
    ['distance', 'loss']
    """

    divergence_advice = ADVICE
    parts = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.part_trackers = [keras.metrics.Mean(name=n) for n in self.parts]

    def objective(self, x, y, training):
        """Dict of float tensors `(batch,)`, with `"loss"`."""
        raise TypeError(
            f"{type(self).__name__} must implement `objective`. Received: a "
            "subclass of ObjectiveModel without it"
        )

    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss, means = self._measured(data, training=True)
        self.minimize(loss, tape)
        return self._reported(loss, means)

    def test_step(self, data):
        return self._reported(*self._measured(data, training=False))

    def _measured(self, data, training):
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        values = self.objective(x, y, training)
        if weights is not None:
            weights = ops.cast(ops.reshape(weights, (-1,)), "float32")
        means = {
            name: _mean(ops.cast(value, "float32"), weights)
            for name, value in values.items()
        }
        loss = means["loss"]
        for extra in self.losses:
            loss = loss + ops.cast(extra, loss.dtype)
        return loss, means

    def _reported(self, loss, means):
        self.track_loss(loss)
        for name, tracker in zip(self.parts, self.part_trackers, strict=True):
            self.track_loss(means[name], tracker)
        return self.get_metrics_result()


def _mean(values, weights):
    return ops.mean(values if weights is None else values * weights)
