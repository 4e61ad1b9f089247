from keras_nn.explain.explainer import Explainer


class InputXGradient(Explainer):
    """Each number times what the score would change by per unit of it.

    `a_i = x_i * dy / dx_i`; for a network that is linear between its ReLUs and
    has no biases their sum is the score.

    Args:
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation`.

    Example:

    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> InputXGradient(model)(np.array([[1.0, 2.0, 4.0]])).attributions
    array([[1., 2., 4.]], dtype=float32)

    Reference:
        [Shrikumar et al., 2016](https://arxiv.org/abs/1605.01713)
    """

    method = "input-x-gradient"
    layered = True

    def attribute(self, flat, targets):
        found = self.gradients(flat, targets)
        return [x * g for x, g in zip(flat, found, strict=True)], None
