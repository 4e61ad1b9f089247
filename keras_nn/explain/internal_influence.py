import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.integrated_gradients import RULES
from keras_nn.explain.integrated_gradients import along
from keras_nn.explain.integrated_gradients import between
from keras_nn.explain.integrated_gradients import check_steps


class InternalInfluence(Explainer):
    """How much the score hangs on each unit of a layer, along a path.

    `a_j = integral_0^1 dy / dh_j at b + t (x - b) dt`

    of the units `h` of a layer, on the straight way from a baseline to the
    input: the mean slope, not multiplied by anything.

    Args:
        layer: str. Name of a layer; of one in a nested model its own name.
        n_steps: int. Points on the way. Defaults to 50.
        rule: str. As of `IntegratedGradients`.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation` with attributions of the layer's shape.

    Raises:
        ValueError: if there is no such layer or rule.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, "relu", name="hidden"),
    ...     keras.layers.Dense(1, kernel_initializer="ones"),
    ... ])
    >>> found = InternalInfluence(model, "hidden")(np.ones((1, 3)))
    >>> found.attributions.round(3)
    array([[1., 1., 1., 1.]], dtype=float32)

    Reference:
        [Leino et al., 2018](https://arxiv.org/abs/1802.03788)
    """

    method = "internal-influence"
    layered = True

    def __init__(
        self, model, layer, n_steps=50, rule="gausslegendre", **kwargs
    ):
        super().__init__(model, layer=layer, **kwargs)
        check_steps(n_steps, rule)
        self.n_steps = n_steps
        self.rule = rule

    def attribute(self, flat, targets, baselines=None):
        _, *starts = self.baselines(flat, baselines, held=False)
        points, weights = RULES[self.rule](self.n_steps)
        mean = np.zeros(flat[0].shape, "float32")

        def make(rows):
            example, step = np.divmod(rows, self.n_steps)
            return self.scores.view.entered(
                [
                    between(x[example], b[example], points[step])
                    for x, b in zip(flat[1:], starts, strict=True)
                ]
            )

        batches = self.scores.gradients(make, targets.repeat(self.n_steps))
        for rows, _, (slope, *_) in batches:
            example, step = np.divmod(rows, self.n_steps)
            np.add.at(mean, example, slope * along(weights[step], slope))
        return [mean], None
