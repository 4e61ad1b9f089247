from math import comb

import numpy as np

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.feature_ablation import FeatureExplainer


class KernelShap(FeatureExplainer):
    """Shapley values as the weights of a linear model.

    `min_phi sum_z k(z) (y(z) - y(b) - phi . z)^2` with `sum phi = y(x) - y(b)`,
    over coalitions `z` of features, weighed by the Shapley kernel
    `k = (F - 1) / (C(F, |z|) |z| (F - |z|))`. With all `2 ** F - 2` coalitions
    these are the Shapley values themselves; with fewer, coalitions are drawn
    with probabilities that follow the kernel, each with its complement.

    Args:
        n_samples: int or None. Coalitions for each example; all of them where
            there are no more. None means `2 F + 2048`. Defaults to None.
        seed: int. Of the draws. Defaults to 0.
        feature_mask: int array that broadcasts to one example, equal ints for
            numbers that are one feature: for pictures, superpixels. None
            makes each number a feature. Defaults to None.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation`: each number has what its feature has. The convergence
        delta is the features' sum less `y(x) - y(baseline)`.

    Raises:
        ValueError: if `n_samples` is not positive.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> KernelShap(model)(np.array([[1.0, 2.0, 4.0]])).attributions.round(4)
    array([[1., 2., 4.]], dtype=float32)

    Reference:
        [Lundberg and Lee, 2017](https://arxiv.org/abs/1705.07874)
    """

    method = "kernel-shap"

    def __init__(
        self, model, feature_mask=None, n_samples=None, seed=0, **kwargs
    ):
        super().__init__(model, feature_mask, **kwargs)
        if n_samples is not None:
            require_positive(n_samples=n_samples)
        self.n_samples = n_samples
        self.seed = seed

    def attribute(self, flat, targets, baselines=None):
        features = self.features(flat)
        count = features.count
        absent = self.baselines(flat, baselines)
        start = self.values(absent, targets).astype("float64")
        change = self.values(flat, targets).astype("float64") - start
        if count == 1:
            return features.spread(change[:, None]), np.zeros(len(targets))
        z, weights = self._coalitions(count)
        values = self.coalitions(
            features,
            flat,
            absent,
            targets,
            lambda rows: z[rows],
            len(z),
        )
        # The last feature has what the others leave of the change.
        last = 1.0 * z[:, -1]
        free = z[:, :-1] - last[:, None]
        moved = values - start[:, None] - change[:, None] * last
        root = np.sqrt(weights)[:, None]
        phi = np.linalg.lstsq(free * root, (moved * root.T).T, rcond=None)[0].T
        phi = np.column_stack([phi, change - phi.sum(axis=1)])
        return features.spread(phi), phi.sum(axis=1) - change

    def _coalitions(self, count):
        """Coalitions `(m, count)` and the weight of each."""
        wanted = self.n_samples or 2 * count + 2048
        sizes = np.arange(1, count)
        if count < 32 and 2**count - 2 <= wanted:
            numbers = np.arange(1, 2**count - 1)
            z = (numbers[:, None] >> np.arange(count)) & 1 == 1
            weight = np.array(
                [
                    1 / (comb(count, k) * k * (count - k))
                    for k in range(1, count)
                ]
            )
            return z, weight[z.sum(axis=1) - 1]
        random = np.random.default_rng(self.seed)
        chances = 1 / (sizes * (count - sizes))
        pairs = max(1, wanted // 2)
        drawn = random.choice(sizes, pairs, p=chances / chances.sum())
        rank = random.permuted(np.tile(np.arange(count), (pairs, 1)), axis=1)
        z = rank < drawn[:, None]
        return np.concatenate([z, ~z]), np.ones(2 * pairs)
