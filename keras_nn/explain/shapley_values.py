from math import comb

import numpy as np

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.feature_ablation import FeatureExplainer

_MOST_FEATURES = 16


class ShapleyValues(FeatureExplainer):
    """What each feature adds, on average over all orders of adding them.

    `phi_f = sum_S |S|! (F - |S| - 1)! / F! * (y(S + f) - y(S))`, over all
    `2 ** (F - 1)` coalitions `S` of the other features, exactly. A feature
    that is not in a coalition has its baseline.

    Args:
        feature_mask: int array that broadcasts to one example, equal ints for
            numbers that are one feature. There may be 16 features.
            None makes each number a feature. Defaults to None.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation`: each number has what its feature has. The convergence
        delta is the features' sum less `y(x) - y(baseline)`.

    Raises:
        ValueError: if there are more features than that.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> ShapleyValues(model)(np.array([[1.0, 2.0, 4.0]])).attributions.round(5)
    array([[1., 2., 4.]], dtype=float32)

    Reference:
        [Shapley, 1953](https://doi.org/10.1515/9781400881970-018)
    """

    method = "shapley-values"

    def attribute(self, flat, targets, baselines=None):
        features = self.features(flat)
        count = features.count
        if count > _MOST_FEATURES:
            raise ValueError(
                f"exact Shapley values are for up to {_MOST_FEATURES} "
                "features; group them with `feature_mask`, or use "
                f"`ShapleyValueSampling` or `KernelShap`. Received: {count}"
            )
        absent = self.baselines(flat, baselines)
        values = self.coalitions(
            features, flat, absent, targets, _members(count), 2**count
        ).astype("float64")
        numbers = np.arange(2**count)
        sizes = _members(count)(numbers).sum(axis=1)
        shares = np.array(
            [1 / (count * comb(count - 1, k)) for k in range(count)]
        )
        phi = np.empty((len(targets), count))
        for feature in range(count):
            before = numbers[(numbers >> feature) & 1 == 0]
            gains = values[:, before | (1 << feature)] - values[:, before]
            phi[:, feature] = gains @ shares[sizes[before]]
        delta = phi.sum(axis=1) - (values[:, -1] - values[:, 0])
        return features.spread(phi), delta


class ShapleyValueSampling(FeatureExplainer):
    """Shapley values, from a sample of the orders of adding features.

    Args:
        n_samples: int. Orders drawn for each example. Defaults to 25.
        seed: int. Of the draws. Defaults to 0.
        feature_mask, model, output, linear, batch_size: as of
            `ShapleyValues`, for any number of features.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation`. The features' sum is `y(x) - y(baseline)` for every
        number of orders.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> explain = ShapleyValueSampling(model, n_samples=2)
    >>> explain(np.array([[1.0, 2.0, 4.0]])).attributions.round(5)
    array([[1., 2., 4.]], dtype=float32)

    Reference:
        [Castro et al., 2009](https://doi.org/10.1016/j.cor.2008.04.004)
    """

    method = "shapley-value-sampling"

    def __init__(
        self, model, feature_mask=None, n_samples=25, seed=0, **kwargs
    ):
        super().__init__(model, feature_mask, **kwargs)
        require_positive(n_samples=n_samples)
        self.n_samples = n_samples
        self.seed = seed

    def attribute(self, flat, targets, baselines=None):
        features = self.features(flat)
        count = features.count
        random = np.random.default_rng(self.seed)
        # rank[s, f]: when feature f joins in order s.
        rank = random.permuted(
            np.tile(np.arange(count), (self.n_samples, 1)), axis=1
        )

        def keep(rows):
            order, joined = np.divmod(rows, count + 1)
            return rank[order] < joined[:, None]

        values = self.coalitions(
            features,
            flat,
            self.baselines(flat, baselines),
            targets,
            keep,
            self.n_samples * (count + 1),
        ).reshape(len(targets), self.n_samples, count + 1)
        gains = np.diff(values.astype("float64"), axis=-1)
        chosen = np.broadcast_to(rank, gains.shape)
        phi = np.take_along_axis(gains, chosen, axis=-1).mean(axis=1)
        delta = phi.sum(axis=1) - (values[:, 0, -1] - values[:, 0, 0])
        return features.spread(phi), delta


def _members(count):
    """From a coalition's number to its members: bit `f` is feature `f`."""
    return lambda numbers: (numbers[:, None] >> np.arange(count)) & 1 == 1
