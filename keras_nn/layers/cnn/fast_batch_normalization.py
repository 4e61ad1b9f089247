import keras
from keras import ops

from keras_nn.ops import normalize_batch
from keras_nn.ops import normalize_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class FastBatchNormalization(keras.layers.BatchNormalization):
    """Keras's batch normalisation with the gradient in its closed form.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`

    Outputs, gradients and moving statistics are those of
    `keras.layers.BatchNormalization`; only a training step is faster.
    Synchronised and renormalised statistics, masks of more than one axis, an
    axis other than the last, and normalisation without scale or centre go
    Keras's own way.

    Args:
        **kwargs: the arguments of `keras.layers.BatchNormalization`.

    Call arguments:
        inputs: float tensor of shape `(batch, ..., channels)`.
        training: bool. Whether the statistics are those of the batch.
        mask: bool tensor of shape `(batch, ...)`, or None.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> layer = FastBatchNormalization(epsilon=1e-5)
    >>> tuple(layer(ops.ones((4, 8, 8, 16)), training=True).shape)
    (4, 8, 8, 16)

    Reference:
        [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167), section 3.
    """

    def call(self, inputs, training=None, mask=None):
        by_batch = training and self.trainable
        fits = mask is None or len(inputs.shape) == 2 == len(mask.shape) + 1
        if not by_batch or not fits or not self._has_closed_form():
            return super().call(inputs, training=training, mask=mask)
        return self.normalize_by_batch(inputs, mask=mask)

    def normalize_by_batch(self, inputs, shift=0.0, mask=None):
        """A training step's normalisation, `shift` added to `beta`."""
        dtype = keras.backend.result_type(inputs.dtype, "float32")
        normalize, counts = normalize_batch, ()
        if mask is not None:
            normalize, counts = normalize_rows, (mask,)
        outputs, mean, variance = normalize(
            ops.cast(inputs, dtype),
            ops.cast(self.gamma, dtype),
            ops.cast(self.beta, dtype) + shift,
            self.epsilon,
            *counts,
        )
        for moving, value in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            moving.assign(
                moving * self.momentum + value * (1.0 - self.momentum)
            )
        return ops.cast(outputs, self.compute_dtype)

    def _has_closed_form(self):
        last = len(self._reduction_axes)
        return (
            self.axis in (-1, last)
            and self.scale
            and self.center
            and not self.synchronized
            and not self.renorm
        )
