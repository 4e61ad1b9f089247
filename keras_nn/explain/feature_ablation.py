import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.features import Features
from keras_nn.explain.features import coalition_scores
from keras_nn.explain.inner_views import LayerView


class FeatureExplainer(Explainer):
    """The base of methods that take features away and look at the score.

    Args:
        feature_mask: int array that broadcasts to one example, equal ints for
            numbers that are one feature (for a model with several inputs the
            structure of such arrays), or None: each number is a feature of
            its own. `grid_features` makes one of the squares of a picture.
            Of a `layer`, its units are the features.
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.
    """

    layered = True

    def __init__(self, model, feature_mask=None, **kwargs):
        super().__init__(model, **kwargs)
        self.feature_mask = feature_mask

    def features(self, flat):
        """The features of inputs: `Features`."""
        if isinstance(self.scores.view, LayerView):
            flat = flat[:1]  # what goes around the layer is left alone
        if self.feature_mask is None:
            return Features(flat)
        masks = self._flattened(self.feature_mask, len(flat))
        return Features(flat, masks)

    def coalitions(self, features, flat, baselines, targets, keep, size):
        """The scores of coalitions of features: array `(n, size)`."""
        return coalition_scores(
            self.scores, features, flat, baselines, targets, keep, size
        )


class FeatureAblation(FeatureExplainer):
    """How much the score falls when a feature is replaced by its baseline.

    `a_f = y(x) - y(x with feature f from the baseline)`

    Args:
        feature_mask: int array that broadcasts to one example, equal ints for
            numbers that are one feature (for several inputs the structure of
            such arrays). None makes each number a feature. Defaults to None.
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation`: each number has what its feature has.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> explain = FeatureAblation(model, feature_mask=np.array([0, 0, 1]))
    >>> explain(np.array([[1.0, 2.0, 4.0]])).attributions
    array([[3., 3., 4.]], dtype=float32)
    """

    method = "feature-ablation"

    def attribute(self, flat, targets, baselines=None):
        features = self.features(flat)
        absent = self.baselines(flat, baselines)
        return self.ablated(features, flat, absent, targets), None

    def ablated(self, features, flat, absent, targets):
        """The fall of the score with each feature: list of arrays."""

        def keep(rows):
            return np.arange(features.count) != rows[:, None]

        without = self.coalitions(
            features, flat, absent, targets, keep, features.count
        )
        return features.spread(self.values(flat, targets)[:, None] - without)


class FeaturePermutation(FeatureAblation):
    """How much the score falls when a feature comes from another example.

    `a_f = y(x_i) - y(x_i with feature f of x_p(i))`, `p` a permutation of the
    batch. Unlike a baseline, what takes the feature's place is a value that
    there is; the batch should be large.

    Args:
        seed: int. Of the permutation. Defaults to 0.
        feature_mask, model, output, linear, batch_size: as of
            `FeatureAblation`.

    Call arguments:
        inputs, targets: as of `Explainer`; at least two examples.

    Returns:
        An `Explanation`.

    Raises:
        ValueError: on a single example.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> found = FeaturePermutation(model)(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> found.attributions
    array([[-2.,  0.],
           [ 2.,  0.]], dtype=float32)

    Reference:
        [Fisher et al., 2019](https://arxiv.org/abs/1801.01489)
    """

    method = "feature-permutation"

    def __init__(self, model, feature_mask=None, seed=0, **kwargs):
        super().__init__(model, feature_mask, **kwargs)
        self.seed = seed

    def attribute(self, flat, targets):
        size = len(targets)
        if size < 2:
            raise ValueError(
                f"a permutation needs at least two examples. Received: {size}"
            )
        # One cycle through all examples: none keeps its own feature.
        order = np.random.default_rng(self.seed).permutation(size)
        other = np.empty(size, "int64")
        other[order] = np.roll(order, 1)
        features = self.features(flat)
        absent = [x[other] for x in flat]
        return self.ablated(features, flat, absent, targets), None
