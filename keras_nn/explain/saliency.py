import numpy as np

from keras_nn.explain.explainer import Explainer


class Saliency(Explainer):
    """How much each number matters to the score, were it changed a little.

    `a_i = |dy / dx_i|`

    Args:
        absolute: bool. Whether to take off the sign. Defaults to True.
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation`.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> bool(Saliency(model)(np.ones((2, 3))).attributions.min() >= 0)
    True

    Reference:
        [Simonyan et al., 2014](https://arxiv.org/abs/1312.6034)
    """

    method = "saliency"
    layered = True

    def __init__(self, model, absolute=True, **kwargs):
        super().__init__(model, **kwargs)
        self.absolute = absolute

    def attribute(self, flat, targets):
        found = self.gradients(flat, targets)
        return [np.abs(g) if self.absolute else g for g in found], None
