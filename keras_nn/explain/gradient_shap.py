import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explainer import require_positive
from keras_nn.explain.explainer import total
from keras_nn.explain.inner_views import LayerView
from keras_nn.explain.integrated_gradients import along
from keras_nn.explain.integrated_gradients import between


class GradientShap(Explainer):
    """Integrated gradients from many baselines, each way sampled once.

    `a_i = mean((x_i - b_i) * dy(b + t (x - b)) / dx_i)` over baselines `b`
    drawn from those given, `t` from [0, 1], and noise on `x`. It approximates
    Shapley values for features that are independent and a model that is
    nearly linear.

    Args:
        n_samples: int. Draws for each example. Defaults to 5.
        stdevs: float. Standard deviation of the noise added to inputs.
            Defaults to 0.
        seed: int. Of the draws. Defaults to 0.
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.
        baselines: examples `(m, ...)` to draw from, in the structure of the
            inputs; None means 0.

    Returns:
        An `Explanation`; its convergence delta is the attributions' sum less
        the mean change of the score, over the draws.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    >>> found = GradientShap(model)(np.ones((2, 3)), baselines=np.zeros((4, 3)))
    >>> bool(np.abs(found.convergence_delta).max() < 1e-5)
    True

    Reference:
        [Lundberg and Lee, 2017](https://arxiv.org/abs/1705.07874)
    """

    method = "gradient-shap"
    layered = True

    def __init__(self, model, n_samples=5, stdevs=0.0, seed=0, **kwargs):
        super().__init__(model, **kwargs)
        require_positive(n_samples=n_samples)
        if stdevs < 0:
            raise ValueError(
                f"`stdevs` must not be negative. Received: {stdevs=}"
            )
        self.n_samples = n_samples
        self.stdevs = stdevs
        self.seed = seed

    def attribute(self, flat, targets, baselines=None):
        view = self.scores.view
        of_layer = isinstance(view, LayerView)
        # The way leads from inputs to inputs, of a layer's units, too.
        own = flat[1:] if of_layer else flat
        enter = view.entered if of_layer else list
        pools = self.examples(own, baselines)
        random = np.random.default_rng(self.seed)
        count = len(targets) * self.n_samples
        drawn = random.integers(0, len(pools[0]), count)
        shares = random.uniform(size=count)
        example = np.arange(count) // self.n_samples
        noisy = [
            noise(x[example], self.stdevs, random) if self.stdevs else None
            for x in own
        ]

        def highs(rows):
            return [
                x[example[rows]] if moved is None else moved[rows]
                for x, moved in zip(own, noisy, strict=True)
            ]

        def lows(rows):
            return [pool[drawn[rows]] for pool in pools]

        def make(rows):
            pairs = zip(highs(rows), lows(rows), strict=True)
            return enter([between(x, b, shares[rows]) for x, b in pairs])

        sums = [np.zeros(x.shape, "float32") for x in flat]
        for rows, _, gradients in self.scores.gradients(make, targets[example]):
            ends = enter(highs(rows)), enter(lows(rows))
            parts = zip(sums, gradients, *ends, strict=True)
            for total_, gradient, high, low in parts:
                np.add.at(total_, example[rows], gradient * (high - low))
        attributions = [s / self.n_samples for s in sums]
        high, low = (
            self.scores.values(
                lambda rows, f=f: enter(f(rows)), targets[example]
            )
            for f in (highs, lows)
        )
        change = (high - low).reshape(-1, self.n_samples).mean(axis=1)
        if of_layer:
            attributions = attributions[:1]
        return attributions, total(attributions) - change


def noise(x, stdev, random):
    """Gaussian noise on floats; integers stay what they are.

    Args:
        x: array `(rows, ...)`.
        stdev: float, or float array `(rows,)`.
        random: `np.random.Generator`.
    """
    if x.dtype.kind != "f":
        return x
    return x + along(np.atleast_1d(stdev), x) * random.standard_normal(
        x.shape, "float32"
    )
