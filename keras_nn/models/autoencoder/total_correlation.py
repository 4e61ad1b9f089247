import math

import keras
from keras import ops

from keras_nn.ops import gaussian_log_density


@keras.saving.register_keras_serializable(package="keras_nn")
class TotalCorrelation:
    """A penalty on units of a code that tell of each other (beta-TC-VAE).

    `weight * KL(q(z) || prod_j q(z_j))`

    where the density of codes over all data, `q(z)`, is estimated from the
    batch: `q(z_i) = 1/(n N) sum_j q(z_i | x_j)` for a batch of `n`. Give it to
    `VAE` as `penalty`. On replicas it looks at the examples of each.

    Args:
        weight: float. What is added to the weight that the divergence gives
            the total correlation already; beta - 1 of the paper.
        examples: int. Number of training examples, `N`.

    Call arguments:
        codes: float tensor `(batch, units)`.
        mean: likewise, of the posterior.
        log_variance: likewise.

    Returns:
        A tensor `(batch,)`.

    Raises:
        ValueError: If there is no example.

    Example:

    >>> from keras import ops
    >>> penalty = TotalCorrelation(5.0, examples=1000)
    >>> zeros = ops.zeros((4, 1))
    >>> float(ops.max(penalty(zeros, zeros, zeros)))
    0.0

    Reference:
        [Chen et al., 2018](https://arxiv.org/abs/1802.04942), equations 2, 3
    """

    def __init__(self, weight, examples):
        if examples < 1:
            raise ValueError(
                f"`examples` must be positive. Received: {examples=}"
            )
        self.weight = weight
        self.examples = examples

    def __call__(self, codes, mean, log_variance):
        # (batch, batch, units, 1): each code under each posterior.
        each = gaussian_log_density(
            codes[:, None, :, None],
            mean[None, :, :, None],
            log_variance[None, :, :, None],
        )
        count = ops.cast(ops.shape(codes)[0], codes.dtype)
        constant = ops.log(count) + math.log(self.examples)
        joint = ops.logsumexp(ops.sum(each, axis=-1), axis=1) - constant
        alone = ops.sum(ops.logsumexp(each, axis=1) - constant, axis=-1)
        return self.weight * (joint - alone)

    def get_config(self):
        return {"weight": self.weight, "examples": self.examples}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
