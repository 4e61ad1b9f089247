import math

import keras
from keras import ops


class ValueTransform:
    """An invertible function of single numbers, given parameters of each.

    Abstract. A subclass has `parameters_per_value`, and implements

    - `forward(values, parameters)`: outputs and log slopes, both of the shape
      of `values`, given parameters `(..., parameters_per_value)`;
    - `backward(values, parameters)`: likewise, the way back.

    Parameters of 0 mean the identity.

    Example:

    >>> transform = AffineTransform()
    >>> y, log_slope = transform.forward(ops.ones((2,)), ops.zeros((2, 2)))
    >>> y.numpy().tolist(), log_slope.numpy().tolist()
    ([1.0, 1.0], [0.0, 0.0])
    """

    parameters_per_value = 1

    def forward(self, values, parameters):
        """Outputs and log slopes."""
        raise TypeError(f"{type(self).__name__} must implement `forward`.")

    def backward(self, values, parameters):
        """Inputs and the log slopes of the way back."""
        raise TypeError(f"{type(self).__name__} must implement `backward`.")

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@keras.saving.register_keras_serializable(package="keras_nn")
class AdditiveTransform(ValueTransform):
    """`y = x + t`, which keeps every volume.

    Example:

    >>> y, _ = AdditiveTransform().forward(ops.ones((1,)), ops.ones((1, 1)))
    >>> float(y[0])
    2.0

    Reference:
        [Dinh et al., 2015](https://arxiv.org/abs/1410.8516)
    """

    def forward(self, values, parameters):
        return values + parameters[..., 0], ops.zeros_like(values)

    def backward(self, values, parameters):
        return values - parameters[..., 0], ops.zeros_like(values)


@keras.saving.register_keras_serializable(package="keras_nn")
class AffineTransform(ValueTransform):
    """`y = x * exp(s) + t`, with `s` between `-limit` and `limit`.

    `s = limit * tanh(raw / limit)`: without a limit a step that is too long
    overflows.

    Args:
        limit: float. Defaults to 2, a factor of `exp(2)` at most.

    Raises:
        ValueError: If the limit is not positive.

    Example:

    >>> y, _ = AffineTransform().forward(ops.ones((1,)), ops.zeros((1, 2)))
    >>> float(y[0])
    1.0

    Reference:
        [Dinh et al., 2017](https://arxiv.org/abs/1605.08803), section 3.3
    """

    parameters_per_value = 2

    def __init__(self, limit=2.0):
        if not limit > 0:
            raise ValueError(f"`limit` must be positive. Received: {limit=}")
        self.limit = limit

    def _read(self, parameters):
        raw = parameters[..., 1]
        return parameters[..., 0], self.limit * ops.tanh(raw / self.limit)

    def forward(self, values, parameters):
        shift, log_scale = self._read(parameters)
        return values * ops.exp(log_scale) + shift, log_scale

    def backward(self, values, parameters):
        shift, log_scale = self._read(parameters)
        return (values - shift) * ops.exp(-log_scale), -log_scale

    def get_config(self):
        return {"limit": self.limit}


@keras.saving.register_keras_serializable(package="keras_nn")
class SplineTransform(ValueTransform):
    """A rising rational-quadratic spline between `-bound` and `bound`.

    In each bin a ratio of quadratics through the knots with given slopes;
    outside of the bounds the identity, as slopes at both ends are 1. Computed
    by `tfp.bijectors.RationalQuadraticSpline`.

    Args:
        bins: int. At least 2. Defaults to 8.
        bound: float. Defaults to 4.
        smallest: float. Least width and height of a bin, as a share of the
            range, and least slope. Defaults to 1e-3.

    Raises:
        ValueError: On fewer than 2 bins, or bounds that hold nothing.

    Example:

    >>> spline = SplineTransform(bins=4)
    >>> values, parameters = ops.ones((3,)), ops.zeros((3, 11))
    >>> y, _ = spline.forward(values, parameters)
    >>> bool(ops.all(ops.abs(y - values) < 1e-5))
    True

    Reference:
        [Durkan et al., 2019](https://arxiv.org/abs/1906.04032), section 3.1
    """

    def __init__(self, bins=8, bound=4.0, smallest=1e-3):
        if bins < 2 or not bound > 0 or not 0 < smallest * bins < 1:
            raise ValueError(
                "`bins` must be at least 2, `bound` positive, and `smallest` "
                f"leave room. Received: {bins=}, {bound=}, {smallest=}"
            )
        self.bins = bins
        self.bound = bound
        self.smallest = smallest
        self.parameters_per_value = 3 * bins - 1

    def _bijector(self, parameters):
        import tensorflow_probability as tfp

        widths, heights, slopes = ops.split(
            parameters, [self.bins, 2 * self.bins], axis=-1
        )
        # softplus(0 + offset) + smallest = 1, the slope of the identity
        offset = math.log(math.expm1(1 - self.smallest))
        return tfp.bijectors.RationalQuadraticSpline(
            self._shares(widths),
            self._shares(heights),
            ops.softplus(slopes + offset) + self.smallest,
            range_min=-self.bound,
        )

    def _shares(self, raw):
        spare = 1 - self.bins * self.smallest
        shares = self.smallest + spare * ops.softmax(raw, axis=-1)
        return 2 * self.bound * shares

    def forward(self, values, parameters):
        bijector = self._bijector(parameters)
        slopes = bijector.forward_log_det_jacobian(values, event_ndims=0)
        return bijector.forward(values), slopes

    def backward(self, values, parameters):
        bijector = self._bijector(parameters)
        slopes = bijector.inverse_log_det_jacobian(values, event_ndims=0)
        return bijector.inverse(values), slopes

    def get_config(self):
        return {
            "bins": self.bins,
            "bound": self.bound,
            "smallest": self.smallest,
        }


NAMED = {
    "additive": AdditiveTransform,
    "affine": AffineTransform,
    "spline": SplineTransform,
}


def get_transform(transform):
    """A `ValueTransform`, by name, from its config, or itself.

    Raises:
        ValueError: If there is none of that name.

    Example:

    >>> get_transform("spline").bins
    8
    """
    if isinstance(transform, ValueTransform):
        return transform
    if isinstance(transform, dict):
        return keras.saving.deserialize_keras_object(transform)
    if transform not in NAMED:
        raise ValueError(
            f"`transform` must be one of {sorted(NAMED)} or an object. "
            f"Received: {transform=}"
        )
    return NAMED[transform]()
