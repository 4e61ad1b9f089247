import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explainer import total
from keras_nn.explain.integrated_gradients import RULES
from keras_nn.explain.integrated_gradients import between
from keras_nn.explain.integrated_gradients import check_steps


class Conductance(Explainer):
    """What each unit of a layer carries of the score's change.

    `a_j = sum_k dy / dh_j (p_k) * (h_j(p_{k+1}) - h_j(p_k))`

    of the units `h` of a layer, at points `p` on the straight way from a
    baseline to the input: integrated gradients, as they pass through the
    layer. If everything passes through it, the sum is `y(x) - y(b)`, up to
    the convergence delta; more steps make it smaller.

    Args:
        layer: str. Name of a layer; of one in a nested model its own name.
        n_steps: int. Pieces of the way. Defaults to 50.
        rule: str. As of `IntegratedGradients`, for the `n_steps + 1` points.
            The ends of `"riemann_trapezoid"` are the baseline and the input.
            Defaults to `"riemann_trapezoid"`.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation` with attributions of the layer's shape, and a
        convergence delta.

    Raises:
        ValueError: if there is no such layer or rule.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, "relu", name="hidden"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> found = Conductance(model, "hidden")(np.ones((5, 3)), targets=1)
    >>> found.attributions.shape, found.convergence_delta.shape
    ((5, 4), (5,))

    Reference:
        [Dhamdhere et al., 2018](https://arxiv.org/abs/1805.12233);
        [this form of the sum](https://arxiv.org/abs/1807.09946)
    """

    method = "conductance"
    layered = True

    def __init__(
        self, model, layer, n_steps=50, rule="riemann_trapezoid", **kwargs
    ):
        super().__init__(model, layer=layer, **kwargs)
        check_steps(n_steps, rule)
        self.n_steps = n_steps
        self.rule = rule

    def attribute(self, flat, targets, baselines=None):
        lows = self.baselines(flat, baselines, held=False)
        count = self.n_steps + 1
        points, _ = RULES[self.rule](count)

        def make(rows):
            example, step = np.divmod(rows, count)
            return self.scores.view.entered(
                [
                    between(x[example], b[example], points[step])
                    for x, b in zip(flat[1:], lows[1:], strict=True)
                ]
            )

        found = np.zeros(flat[0].shape, "float32")
        last = None  # the last row of a batch goes on in the next
        batches = self.scores.gradients(make, targets.repeat(count))
        for rows, (units, *_), (slopes, *_) in batches:
            part = rows, units, slopes
            if last is not None:
                pairs = zip(last, part, strict=True)
                part = [np.concatenate(pair) for pair in pairs]
            last = [values[-1:] for values in part]
            rows, units, slopes = part
            # From the end of one example to the next there is no way.
            inside = rows[:-1] % count < self.n_steps
            pieces = slopes[:-1] * (units[1:] - units[:-1])
            np.add.at(found, rows[:-1][inside] // count, pieces[inside])
        change = self.values(flat, targets) - self.values(lows, targets)
        return [found], total([found]) - change
