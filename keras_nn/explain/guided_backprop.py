import tensorflow as tf

from keras_nn.explain.ruled_gradients import RuledGradients
from keras_nn.explain.ruled_gradients import is_relu
from keras_nn.explain.ruled_gradients import with_gradient_of


class GuidedBackprop(RuledGradients):
    """The gradient, of which each ReLU lets through what speaks for the class.

    Backward through a ReLU: `g <- max(g, 0) * [x > 0]`

    It draws sharp pictures, but depends little on the class and the later
    layers (Adebayo et al., 2018): take it for edges, not for reasons.

    Args:
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation`.

    Raises:
        ValueError: if there is no ReLU in the model that can be seen.

    Example:

    >>> import keras, numpy as np
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, "relu"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> GuidedBackprop(model)(np.ones((2, 3))).attributions.shape
    (2, 3)

    Reference:
        [Springenberg et al., 2015](https://arxiv.org/abs/1412.6806)
    """

    method = "guided-backprop"
    layered = True

    def attribute(self, flat, targets):
        operations = self.scores.view.model.operations
        if not any(is_relu(operation) for operation in operations):
            kinds = sorted({type(o).__name__ for o in operations})
            raise ValueError(
                f"{self.method} is defined by ReLUs, and the model has none. "
                f"Received: operations of the kinds {kinds}"
            )
        return self.ruled(flat, targets), None

    def rule(self, operation, *args, **kwargs):
        if not is_relu(operation):
            return operation(*args, **kwargs)
        return operation(_positive_backward(args[0]))


class Deconvolution(GuidedBackprop):
    """The gradient, with a ReLU backward in the place of each ReLU's own.

    Backward through a ReLU: `g <- max(g, 0)`

    Args:
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation`.

    Raises:
        ValueError: if there is no ReLU in the model that can be seen.

    Example:

    >>> import keras, numpy as np
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, "relu"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> Deconvolution(model)(np.ones((2, 3))).attributions.shape
    (2, 3)

    Reference:
        [Zeiler and Fergus, 2014](https://arxiv.org/abs/1311.2901)
    """

    method = "deconvolution"
    layered = True

    def rule(self, operation, *args, **kwargs):
        outputs = operation(*args, **kwargs)
        if not is_relu(operation):
            return outputs
        return with_gradient_of(outputs, _positive_backward(args[0]))


@tf.custom_gradient
def _positive_backward(x):
    return tf.identity(x), tf.nn.relu
