import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explainer import require_positive
from keras_nn.explain.explainer import total


class IntegratedGradients(Explainer):
    """What each number adds on the straight way from a baseline to the input.

    `a_i = (x_i - b_i) * integral_0^1 dy(b + t (x - b)) / dx_i dt`

    Their sum is `y(x) - y(b)`, up to the error of the sum that stands for the
    integral: the convergence delta. A large one asks for more steps.

    Args:
        n_steps: int. Points on the way. Defaults to 50.
        rule: str. Where they lie and how much they weigh:
            `"gausslegendre"`, `"riemann_left"`, `"riemann_middle"`,
            `"riemann_right"` or `"riemann_trapezoid"`. Defaults to
            `"gausslegendre"`.
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation` with a convergence delta.

    Raises:
        ValueError: on another rule, or fewer steps than it needs.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, "sigmoid", kernel_initializer="ones")])
    >>> explain = IntegratedGradients(model, linear=False)
    >>> found = explain(np.array([[1.0, 0.0, 1.0]]))
    >>> found.attributions.round(3), abs(found.convergence_delta[0]) < 1e-5
    (array([[0.19, 0.  , 0.19]], dtype=float32), np.True_)

    Reference:
        [Sundararajan et al., 2017](https://arxiv.org/abs/1703.01365)
    """

    method = "integrated-gradients"
    layered = True

    def __init__(self, model, n_steps=50, rule="gausslegendre", **kwargs):
        super().__init__(model, **kwargs)
        check_steps(n_steps, rule)
        self.n_steps = n_steps
        self.rule = rule

    def attribute(self, flat, targets, baselines=None):
        baselines = self.baselines(flat, baselines)
        points, weights = RULES[self.rule](self.n_steps)
        means = [np.zeros(x.shape, "float32") for x in flat]

        def make(rows):
            example, step = np.divmod(rows, self.n_steps)
            return [
                between(x[example], b[example], points[step])
                for x, b in zip(flat, baselines, strict=True)
            ]

        batches = self.scores.gradients(make, targets.repeat(self.n_steps))
        for rows, _, gradients in batches:
            example, step = np.divmod(rows, self.n_steps)
            for mean, gradient in zip(means, gradients, strict=True):
                weighted = gradient * along(weights[step], gradient)
                np.add.at(mean, example, weighted)
        attributions = [
            (x - b) * mean
            for x, b, mean in zip(flat, baselines, means, strict=True)
        ]
        change = self.values(flat, targets) - self.values(baselines, targets)
        return attributions, total(attributions) - change


def check_steps(n_steps, rule):
    """Refuses a way of no steps, and a rule that there is not."""
    require_positive(n_steps=n_steps)
    if rule not in RULES:
        raise ValueError(
            f"`rule` must be one of {list(RULES)}. Received: {rule=}"
        )
    if rule == "riemann_trapezoid" and n_steps < 2:
        raise ValueError(
            "a trapezoid has two ends: `n_steps` must be at least 2. "
            f"Received: {n_steps=}"
        )


def between(x, baseline, share):
    """Points between two arrays; integers stay what they are."""
    if x.dtype.kind != "f":
        return x
    return baseline + along(share, x) * (x - baseline)


def along(values, array):
    """One number an example, in a shape that broadcasts to an array."""
    return values.astype("float32").reshape(-1, *(1,) * (array.ndim - 1))


def _gauss_legendre(count):
    points, weights = np.polynomial.legendre.leggauss(count)
    return (1 + points) / 2, weights / 2


def _trapezoid(count):
    weights = np.full(count, 1 / (count - 1))
    weights[[0, -1]] /= 2
    return np.linspace(0, 1, count), weights


def _riemann(offset):
    def rule(count):
        return (np.arange(count) + offset) / count, np.full(count, 1 / count)

    return rule


RULES = {
    "gausslegendre": _gauss_legendre,
    "riemann_left": _riemann(0.0),
    "riemann_middle": _riemann(0.5),
    "riemann_right": _riemann(1.0),
    "riemann_trapezoid": _trapezoid,
}
