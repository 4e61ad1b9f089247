import keras
import numpy as np
import tensorflow as tf

from keras_nn.explain import graphs
from keras_nn.explain.explainer import Explainer
from keras_nn.explain.scores import gradients_of

_ACTIVATION_LAYERS = (
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.PReLU,
    keras.layers.ELU,
)
_ACTIVATION_OPERATIONS = {
    *("ReLU", "Relu", "Relu6", "LeakyRelu", "Elu", "Selu", "Celu", "Gelu"),
    *("Silu", "Sigmoid", "HardSigmoid", "HardSilu", "Tanh", "HardTanh"),
    *("Softplus", "Softsign", "LogSigmoid"),
}
_NOT_ELEMENTWISE = ("softmax", "log_softmax", "sparsemax", "glu")


class RuledGradients(Explainer):
    """The base of methods that go backward by rules of their own.

    The model is taken apart as far as Keras can trace it, and run with
    `rule` in the place of each operation. What a rule returns has the value
    of the operation, but a gradient that says what the method wants.
    """

    apart = True

    def rule(self, operation, *args, **kwargs):
        """The operation's outputs, with the method's gradient."""
        raise NotImplementedError

    def run(self, flat):
        """The output that is explained, computed by the rules."""
        view = self.scores.view
        outputs = graphs.run(view.model, list(flat), self.rule)
        return tf.nest.flatten(outputs)[view.output_index(self.output)]

    def backward(self, flat, targets):
        """What comes out at the inputs, for tensors; compiled once."""
        score = self.scores.of_classes
        return gradients_of(lambda: score(self.run(flat), targets), flat)

    def ruled(self, flat, targets, batch_size=None):
        """What comes out at the inputs: list of arrays."""
        size = batch_size or self.batch_size
        parts = []
        for start in range(0, len(targets), size):
            part = slice(start, start + size)
            tensors = [tf.convert_to_tensor(x[part]) for x in flat]
            given = tensors, tf.convert_to_tensor(targets[part])
            # A graph even where functions run eagerly: rules tell what the
            # inputs reach by its being symbolic.
            found = self._compiled.get_concrete_function(*given)(*given)
            parts.append([np.asarray(g) for g in found])
        return [np.concatenate(p) for p in zip(*parts, strict=True)]

    def view(self, inputs):
        is_new = self.scores is None
        view = super().view(inputs)
        if is_new:
            self._compiled = tf.function(
                self.backward, reduce_retracing=True, autograph=False
            )
        return view


def activation_of(operation):
    """The elementwise activation that an operation computes, or None."""
    if isinstance(operation, keras.layers.Activation):
        name = getattr(operation.activation, "__name__", "")
        return None if name in _NOT_ELEMENTWISE else operation
    is_activation = isinstance(operation, _ACTIVATION_LAYERS) or (
        not isinstance(operation, keras.layers.Layer)
        and type(operation).__name__ in _ACTIVATION_OPERATIONS
    )
    return operation if is_activation else None


def is_relu(operation):
    """Whether an operation is the plain ReLU."""
    activation = getattr(operation, "activation", None)
    name = getattr(activation, "__name__", type(operation).__name__)
    return name in ("relu", "ReLU", "Relu")


def with_slope(value, x, slope):
    """A tensor whose gradient with respect to `x` is a given one, times."""
    value, slope = tf.stop_gradient(value), tf.stop_gradient(slope)
    return value + slope * (x - tf.stop_gradient(x))


def with_gradient_of(value, other):
    """One tensor's value with the gradient of another of its shape."""
    return tf.stop_gradient(value) + (other - tf.stop_gradient(other))
