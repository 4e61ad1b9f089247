import numpy as np

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.feature_ablation import FeatureExplainer


class Lime(FeatureExplainer):
    """A linear model of the score, near an example.

    `min_w sum_z k(z) (y(z) - w . z - c)^2 + alpha |w|^2`, over random
    coalitions `z` of features; `k = exp(-d^2 / (2 width^2))`, `d` the cosine
    distance to the whole example.

    Args:
        n_samples: int. Coalitions drawn for each example. Defaults to 200.
        alpha: float. Weight of the penalty. Defaults to 1.
        kernel_width: float. Defaults to 0.25.
        seed: int. Of the draws. Defaults to 0.
        feature_mask: int array that broadcasts to one example, equal ints for
            numbers that are one feature: for pictures, superpixels. None
            makes each number a feature. Defaults to None.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation`: each number has the weight of its feature.

    Raises:
        ValueError: on a number that must be positive and is not.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> explain = Lime(model, alpha=1e-6)
    >>> explain(np.array([[1.0, 2.0, 4.0]])).attributions.round(2)
    array([[1., 2., 4.]], dtype=float32)

    Reference:
        [Ribeiro et al., 2016](https://arxiv.org/abs/1602.04938)
    """

    method = "lime"

    def __init__(
        self,
        model,
        feature_mask=None,
        n_samples=200,
        alpha=1.0,
        kernel_width=0.25,
        seed=0,
        **kwargs,
    ):
        super().__init__(model, feature_mask, **kwargs)
        require_positive(n_samples=n_samples)
        if alpha < 0 or kernel_width <= 0:
            raise ValueError(
                "`alpha` must not be negative, `kernel_width` be positive. "
                f"Received: {alpha=}, {kernel_width=}"
            )
        self.n_samples = n_samples
        self.alpha = alpha
        self.kernel_width = kernel_width
        self.seed = seed

    def attribute(self, flat, targets, baselines=None):
        features = self.features(flat)
        random = np.random.default_rng(self.seed)
        z = random.integers(0, 2, (self.n_samples, features.count)) == 1
        z[0] = True  # the example itself
        values = self.coalitions(
            features,
            flat,
            self.baselines(flat, baselines),
            targets,
            lambda rows: z[rows],
            self.n_samples,
        ).astype("float64")
        distance = 1 - np.sqrt(z.mean(axis=1))
        near = np.exp(-((distance / self.kernel_width) ** 2) / 2)
        share = near / near.sum()
        centred = z - share @ z
        gram = centred.T @ (centred * near[:, None])
        gram += self.alpha * np.eye(features.count)
        moved = values - (values @ share)[:, None]
        weights = np.linalg.lstsq(
            gram, centred.T @ (moved * near).T, rcond=None
        )[0]
        return features.spread(weights.T), None
