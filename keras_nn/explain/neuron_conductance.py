import numpy as np
import tensorflow as tf

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.inner_views import LayerView
from keras_nn.explain.inner_views import place_of
from keras_nn.explain.integrated_gradients import RULES
from keras_nn.explain.integrated_gradients import along
from keras_nn.explain.integrated_gradients import between
from keras_nn.explain.integrated_gradients import check_steps
from keras_nn.explain.scores import Scores
from keras_nn.explain.scores import gradients_of


class NeuronConductance(Explainer):
    """What each number adds to the score by way of one unit of a layer.

    `a_i = (x_i - b_i) * integral_0^1 dy / dh_j * dh_j / dx_i dt`

    of a unit `h_j`, on the straight way from a baseline to the input. Summed
    over the units of a layer through which everything passes, these are the
    integrated gradients.

    Args:
        layer: str. Name of a layer; of one in a nested model its own name.
        neuron: int, a channel, of which all positions count; or a tuple of
            ints, the place of one number in what the layer gives.
        n_steps: int. Points on the way. Defaults to 50.
        rule: str. As of `IntegratedGradients`.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation` of the inputs.

    Raises:
        ValueError: if there is no such layer, unit or rule.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, "relu", name="hidden"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> found = NeuronConductance(model, "hidden", 3)(np.ones((5, 3)), 1)
    >>> found.attributions.shape
    (5, 3)

    Reference:
        [Dhamdhere et al., 2018](https://arxiv.org/abs/1805.12233)
    """

    method = "neuron-conductance"

    def __init__(
        self, model, layer, neuron, n_steps=50, rule="gausslegendre", **kwargs
    ):
        super().__init__(model, **kwargs)
        check_steps(n_steps, rule)
        self.through = layer
        self.unit = neuron
        self.n_steps = n_steps
        self.rule = rule

    def view(self, inputs):
        is_new = self.scores is None
        view = super().view(inputs)
        if is_new:
            after = LayerView(view, self.through, self.batch_size)
            self._through = _ThroughUnit(
                after, self.output, self.batch_size, self.through, self.unit
            )
        return view

    def attribute(self, flat, targets, baselines=None):
        baselines = self.baselines(flat, baselines)
        points, weights = RULES[self.rule](self.n_steps)
        sums = [np.zeros(x.shape, "float32") for x in flat]

        def make(rows):
            example, step = np.divmod(rows, self.n_steps)
            return [
                between(x[example], b[example], points[step])
                for x, b in zip(flat, baselines, strict=True)
            ]

        batches = self._through.gradients(make, targets.repeat(self.n_steps))
        for rows, _, found in batches:
            example, step = np.divmod(rows, self.n_steps)
            for sum_, gradient in zip(sums, found, strict=True):
                weighted = gradient * along(weights[step], gradient)
                np.add.at(sum_, example, weighted)
        pairs = zip(flat, baselines, sums, strict=True)
        return [(x - b) * sum_ for x, b, sum_ in pairs], None


class _ThroughUnit(Scores):
    """Gradients of the score, as far as they pass through one unit."""

    def __init__(self, view, output, batch_size, layer, neuron):
        super().__init__(view, output, batch_size)
        place = place_of(neuron, view.head.output, layer)
        rest = ... if isinstance(neuron, int) else slice(None)
        self.unit = (rest, *place)

    def slopes(self, flat, targets):
        def through():
            units = self.view.head(flat, training=False)
            with tf.GradientTape() as tape:
                tape.watch(units)
                score = self.score([units, *flat], targets)
            slopes = tape.gradient(score, units, unconnected_gradients="zero")
            return units[self.unit] * tf.stop_gradient(slopes[self.unit])

        return gradients_of(through, flat)
