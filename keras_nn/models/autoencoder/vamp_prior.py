import math

import keras
from keras import ops

from keras_nn.ops import gaussian_log_density


@keras.saving.register_keras_serializable(package="keras_nn")
class VampPrior(keras.layers.Layer):
    """A prior that is the mean posterior of some pictures, which are learnt.

    `p(z) = 1/K sum_k q(z | u_k)`

    The pseudo-inputs `u` are kept in their range by a sigmoid. Give it to a
    `VAE`, which builds it.

    Args:
        components: int. `K`. Defaults to 50.
        value_range: pair of numbers, of the pictures. Defaults to `(0, 1)`.
        mean: float. Share of the range where pseudo-inputs begin, about.
            Defaults to 0.5.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: unused tensor.

    Returns:
        The pseudo-inputs, `(components, *picture_shape)`.

    Raises:
        ValueError: If there is no component, or `mean` is not inside (0, 1).

    Example:

    >>> prior = VampPrior(components=3)
    >>> prior.build((None, 8, 8, 1))
    >>> tuple(prior.pseudo_inputs().shape)
    (3, 8, 8, 1)

    Reference:
        [Tomczak and Welling, 2018](https://arxiv.org/abs/1705.07120)
    """

    def __init__(
        self, components=50, value_range=(0.0, 1.0), mean=0.5, **kwargs
    ):
        super().__init__(**kwargs)
        if components < 1:
            raise ValueError(
                f"`components` must be positive. Received: {components=}"
            )
        if not 0 < mean < 1:
            raise ValueError(
                f"`mean` must be between 0 and 1. Received: {mean=}"
            )
        self.components = components
        self.value_range = tuple(value_range)
        self.mean = mean

    def build(self, input_shape):
        self.logits = self.add_weight(
            shape=(self.components, *input_shape[1:]),
            initializer=keras.initializers.RandomNormal(
                mean=math.log(self.mean / (1 - self.mean)), stddev=0.5
            ),
            name="logits",
        )

    def pseudo_inputs(self):
        """Float32 tensor `(components, *picture_shape)`."""
        low, high = self.value_range
        share = ops.sigmoid(ops.cast(self.logits, "float32"))
        return low + (high - low) * share

    def call(self, inputs):
        return ops.cast(self.pseudo_inputs(), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return (self.components, *input_shape[1:])

    def log_density(self, codes, posterior):
        """Log density of codes under the mixture.

        Args:
            codes: float tensor `(..., units)`.
            posterior: callable from pictures to means and log variances, the
                encoder.

        Returns:
            A tensor `(...)`.
        """
        mean, log_variance = posterior(self.pseudo_inputs())
        codes = ops.expand_dims(codes, -2)
        each = gaussian_log_density(codes, mean, log_variance)
        return ops.logsumexp(each, axis=-1) - math.log(self.components)

    def draw(self, count, posterior, seed=None):
        """Codes `(count, units)` of the mixture.

        Args:
            count: int.
            posterior: as in `log_density`.
            seed: int or `keras.random.SeedGenerator`.
        """
        mean, log_variance = posterior(self.pseudo_inputs())
        which = keras.random.randint((count,), 0, self.components, seed=seed)
        mean, log_variance = (
            ops.take(part, which, axis=0) for part in (mean, log_variance)
        )
        noise = keras.random.normal(
            ops.shape(mean), dtype="float32", seed=_other(seed)
        )
        return mean + ops.exp(0.5 * log_variance) * noise

    def get_config(self):
        return {
            **super().get_config(),
            "components": self.components,
            "value_range": self.value_range,
            "mean": self.mean,
        }


def _other(seed):
    return seed + 1 if isinstance(seed, int) else seed
