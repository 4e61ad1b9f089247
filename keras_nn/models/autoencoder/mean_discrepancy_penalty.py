import math

import keras
from keras import ops

from keras_nn.ops.mean_discrepancy import squared_distances


@keras.saving.register_keras_serializable(package="keras_nn")
class MeanDiscrepancyPenalty:
    """Draws the codes of all pictures together toward a standard normal.

    `weight * MMD^2(q(z), N(0, 1))`, with a Gaussian kernel, for which the
    normal's side is known: no code of the prior is drawn. With a small `beta`
    it makes `VAE` an InfoVAE (MMD-VAE). On replicas it looks at the examples
    of each.

    Args:
        weight: float. Nats an example.
        bandwidth: float or None. Of the kernel; None: the square root of
            twice the units of a code. Defaults to None.

    Call arguments:
        codes: float tensor `(batch, units)`.
        mean: unused.
        log_variance: unused.

    Returns:
        A tensor `(batch,)`, whose mean is the estimate, without bias.

    Raises:
        ValueError: If `bandwidth` is not positive.

    Example:

    >>> from keras import ops
    >>> penalty = MeanDiscrepancyPenalty(weight=1.0, bandwidth=1.0)
    >>> round(float(penalty(ops.zeros((2, 1)), None, None)[0]), 4)
    0.1631

    Reference:
        [Zhao et al., 2017](https://arxiv.org/abs/1706.02262), section 4.3
    """

    def __init__(self, weight, bandwidth=None):
        if bandwidth is not None and not bandwidth > 0:
            raise ValueError(
                f"`bandwidth` must be positive. Received: {bandwidth=}"
            )
        self.weight = weight
        self.bandwidth = bandwidth

    def __call__(self, codes, mean, log_variance):
        units = codes.shape[-1]
        width = 2.0 * units if self.bandwidth is None else self.bandwidth**2
        count = ops.cast(ops.shape(codes)[0], codes.dtype)
        pairs = ops.exp(-squared_distances(codes, codes) / (2 * width))
        others = ops.sum(pairs, axis=1) - 1.0  # a code is at its own place
        among = others / ops.maximum(count - 1, 1.0)
        squares = ops.sum(ops.square(codes), axis=-1)
        # The means of the kernel under one and under two standard normals.
        to_normal = (width / (1 + width)) ** (units / 2) * ops.exp(
            -squares / (2 * (1 + width))
        )
        normal = math.pow(width / (2 + width), units / 2)
        return self.weight * (among - 2 * to_normal + normal)

    def get_config(self):
        return {"weight": self.weight, "bandwidth": self.bandwidth}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
