import numpy as np

from keras_nn.explain.deep_lift import DeepLift
from keras_nn.explain.inner_views import LayerView


class DeepLiftShap(DeepLift):
    """DeepLift from many baselines: an estimate of Shapley values.

    `a_i = mean_b DeepLift_i(x, b)` over all given baselines `b`: exact for
    features that are independent, as the baselines show them, and a model
    that is nearly linear between baseline and input.

    Args:
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.
        baselines: examples `(m, ...)`, in the structure of the inputs; None
            means one of 0.

    Returns:
        An `Explanation`; its convergence delta is the attributions' sum less
        the mean change of the score.

    Raises:
        ValueError: on baselines of another shape than the inputs.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(8, "relu"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> many = np.random.default_rng(0).normal(size=(6, 3))
    >>> found = DeepLiftShap(model)(np.ones((2, 3)), 0, baselines=many)
    >>> bool(np.abs(found.convergence_delta).max() < 1e-5)
    True

    Reference:
        [Lundberg and Lee, 2017](https://arxiv.org/abs/1705.07874), section 4.2
    """

    method = "deep-lift-shap"

    def attribute(self, flat, targets, baselines=None):
        view = self.scores.view
        if isinstance(view, LayerView):
            pools = view.entered(self.examples(flat[1:], baselines))
        else:
            pools = self.examples(flat, baselines)
        count = len(pools[0])
        found, deltas = [], []
        for i in range(len(targets)):
            one = [x[i : i + 1].repeat(count, 0) for x in flat]
            parts, delta = self.lifted(one, pools, targets[i].repeat(count))
            found.append([part.mean(axis=0) for part in parts])
            deltas.append(delta.mean())
        parts = zip(*found, strict=True)
        return [np.stack(part) for part in parts], np.array(deltas)
