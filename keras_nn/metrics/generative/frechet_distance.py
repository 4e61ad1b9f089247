import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class FrechetDistance(keras.metrics.Metric):
    """Distance of real and generated pictures, as Gaussians of features (FID).

    `|m_r - m_g|^2 + tr(C_r + C_g - 2 (C_r C_g)^(1/2))`

    Numbers compare only where the features are of one extractor, and the
    samples of one size: a small sample is further away.

    Args:
        units: int. Number of features.
        extractor: str. Whose features they are, such as `"lenet5"`: part of
            the metric's name. Defaults to `"features"`.
        name: str or None. Defaults to `frechet_distance_<extractor>`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: features of real pictures, `(batch, units)`.
        y_pred: features of generated ones, likewise.

    Returns:
        A scalar; 0 before the second picture.

    Raises:
        ValueError: If there is no unit.

    Example:

    >>> import numpy as np
    >>> metric = FrechetDistance(2, extractor="raw")
    >>> metric.name
    'frechet_distance_raw'
    >>> x = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> metric.update_state(x, x + 1.0)
    >>> round(float(metric.result()), 2)
    2.0

    Reference:
        [Heusel et al., 2017](https://arxiv.org/abs/1706.08500), equation 6
    """

    def __init__(self, units, extractor="features", name=None, dtype=None):
        super().__init__(
            name=name or f"frechet_distance_{extractor}", dtype=dtype
        )
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        self.units = units
        self.extractor = extractor
        self.sides = [self._sums(side) for side in ("real", "generated")]

    def _sums(self, side):
        shapes = {"count": (), "sum": (self.units,)}
        shapes["products"] = (self.units, self.units)
        return {
            name: self.add_variable(
                shape, initializer="zeros", name=f"{side}_{name}"
            )
            for name, shape in shapes.items()
        }

    def update_state(self, y_true, y_pred, sample_weight=None):
        for sums, x in zip(self.sides, (y_true, y_pred), strict=True):
            self.add(sums, x, sample_weight)

    def add(self, sums, x, sample_weight=None):
        """Adds features to one of `sides`, of which there may be more."""
        x = ops.cast(x, self.dtype)
        weights = ops.ones_like(x[:, :1])
        if sample_weight is not None:
            weights = weights * ops.reshape(
                ops.cast(sample_weight, self.dtype), (-1, 1)
            )
        sums["count"].assign_add(ops.sum(weights))
        sums["sum"].assign_add(ops.sum(weights * x, axis=0))
        products = ops.matmul(ops.transpose(weights * x), x)
        sums["products"].assign_add(products)

    def result(self):
        (m, c), (m_other, c_other) = map(self._moments, self.sides)
        root = _square_root(c)
        product = ops.matmul(ops.matmul(root, c_other), root)
        cross = ops.sum(ops.sqrt(ops.maximum(_eigenvalues(product), 0.0)))
        apart = ops.sum(ops.square(m - m_other))
        total = apart + ops.trace(c) + ops.trace(c_other) - 2 * cross
        return ops.maximum(total, 0.0)

    def _moments(self, sums):
        count = ops.maximum(sums["count"], 1.0)
        mean = sums["sum"] / count
        scatter = sums["products"] - count * mean[:, None] * mean[None, :]
        return mean, scatter / ops.maximum(count - 1, 1.0)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "extractor": self.extractor,
        }


def _eigenvalues(matrix):
    return ops.eigh((matrix + ops.transpose(matrix)) / 2)[0]


def _square_root(matrix):
    values, vectors = ops.eigh((matrix + ops.transpose(matrix)) / 2)
    roots = ops.sqrt(ops.maximum(values, 0.0))
    return ops.matmul(vectors * roots, ops.transpose(vectors))
