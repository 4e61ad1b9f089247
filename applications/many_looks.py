"""Several looks at one picture, and how far they agree."""

import contextlib

import keras
import tensorflow as tf

from keras_nn import data
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.ops import predictive_entropy
from keras_nn.ops.picture_symmetries import VIEWS
from keras_nn.ops.picture_symmetries import turned
from keras_nn.ops.picture_symmetries import turned_back

BATCH = 8  # a map of scores is large, so few pictures at a time


class ManyLooks:
    """Predicts the mean of several looks: turned pictures, dropped features.

    `p = 1/K sum_k g_k^-1 f(g_k x)`

    A mixin, in front of a functional `keras.Model` from pictures to class
    probabilities of every pixel, with `views`, the number of flips and turns
    `g_k` that it looks under when it does not train, and `samples`, the
    number of looks with dropout at which `look` estimates its doubt.
    """

    _once = False

    def call(self, inputs, training=False, mask=None):
        look = super().call
        if training or self._once or self.views == 1:
            return look(inputs, training=training, mask=mask)
        (pictures,) = keras.tree.flatten(inputs)
        seen = [
            turned_back(look(turned(pictures, view), training=False), view)
            for view in range(self.views)
        ]
        return sum(seen) / self.views

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        kwargs["validation_batch_size"] = (
            kwargs.get("validation_batch_size") or BATCH
        )
        with self.looking_once():
            return super().fit(x, y, batch_size, *args, **kwargs)

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        if isinstance(x, data.Split):
            batch_size = batch_size or BATCH
        return super().evaluate(x, y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        if isinstance(x, data.Split):
            batch_size = batch_size or BATCH
        return super().predict(x, batch_size, *args, **kwargs)

    @contextlib.contextmanager
    def looking_once(self):
        """A context in which one view is enough, as while `fit` validates."""
        if self.views == 1:
            yield
            return
        self._look_again(True)
        try:
            yield
        finally:
            self._look_again(False)

    def look(self, pictures):
        """Mean probabilities of several looks, and their mean entropy.

        With `samples`, each of these has dropout on, while the statistics of
        normalisation stay those that were learnt; it sees the next of the
        views. Without, every view is a look.

        Args:
            pictures: float array `(batch, height, width, channels)`.

        Returns:
            float32 array `(batch, height, width, num_classes + 1)`; the last
            channel is the mean of the looks' entropies, from 0 to 1.
        """
        if getattr(self, "_looks", None) is None:
            self._looks = tf.function(self._every_look, reduce_retracing=True)
        with _frozen_statistics(self):
            return self._looks(tf.cast(pictures, "float32")).numpy()

    def _every_look(self, pictures):
        call, total, doubt = super().call, 0.0, 0.0
        count = self.samples or self.views
        for index in range(count):
            view = index % self.views
            found = call(turned(pictures, view), training=self.samples > 0)
            found = turned_back(found, view)
            total, doubt = total + found, doubt + predictive_entropy(found)
        return tf.concat([total, doubt[..., None]], axis=-1) / count

    def _look_again(self, once):
        self._once = once
        self.test_function = self.predict_function = None


def check_looks(views, samples, network):
    """Raises unless a network can look at pictures so often.

    Args:
        views: int, one of 1, 2, 4 and 8.
        samples: int, 0 for none.
        network: `keras.Model`.
    """
    if views not in VIEWS:
        raise ValueError(f"`views` must be one of {VIEWS}. Received: {views=}")
    if samples < 0 or samples == 1:
        raise ValueError(
            "`samples` must be 0, or at least 2 to differ. "
            f"Received: {samples=}"
        )
    height, width = network.input_shape[1:3]
    if views == 8 and height != width:
        raise ValueError(
            "Eight views swap rows and columns: the pictures must be square, "
            f"or of any size. Received: pictures of {height}x{width}"
        )
    dropping = [
        layer for _, layer in descendants(network) if getattr(layer, "rate", 0)
    ]
    if samples and not dropping:
        raise ValueError(
            "`samples` are looks with dropout, and the network has none. "
            f"Received: {samples=}"
        )


@contextlib.contextmanager
def _frozen_statistics(model):
    """Normalisation as in inference, also where the rest trains."""
    layers = [
        layer
        for _, layer in descendants(model)
        if hasattr(layer, "moving_mean") and layer.trainable
    ]
    for layer in layers:
        layer.trainable = False
    try:
        yield
    finally:
        for layer in layers:
            layer.trainable = True
