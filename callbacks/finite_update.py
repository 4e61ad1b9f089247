import keras
import tensorflow as tf

from keras_nn.training.replicas import all_finite


class FiniteUpdate:
    """Keeps the weights of a plain `keras.Model` finite, step by step.

    A gradient that is not finite is replaced by zeros, and non-trainable
    state that the forward pass has spoilt (moving averages) goes back to its
    value of the step before. A `keras_nn.training.Model` does the same by
    itself and exactly (`skip_nonfinite_updates`): its optimiser does not move
    at all, while here momentum and weight decay still act in that one step.

    Args:
        model: a built `keras.Model`.
    """

    def __init__(self, model):
        self.model = model
        self._states = [
            weight
            for weight in model.non_trainable_variables
            if keras.backend.is_float_dtype(weight.dtype)
        ]
        with model.distribute_strategy.scope():
            self._last = [
                tf.Variable(
                    weight.numpy(),
                    trainable=False,
                    synchronization=tf.VariableSynchronization.ON_READ,
                    aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
                )
                for weight in self._states
            ]

    def remember(self):
        """Take the present state as the last finite one."""
        for weight, last in zip(self._states, self._last, strict=True):
            last.assign(weight.numpy())

    def apply(self, gradients, whole):
        """The gradients to apply; also mends the state. Called in the step.

        Args:
            gradients: list of gradients or None, as the optimiser gets them.
            whole: list of the same, summed over replicas, without loss scale.

        Returns:
            A list like `gradients`.
        """
        for weight, last in zip(self._states, self._last, strict=True):
            finite = tf.reduce_all(tf.math.is_finite(weight.value))
            weight.assign(tf.where(finite, weight.value, last))
            last.assign(weight.value)
        optimizer = self.model.optimizer
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            return gradients  # it skips such a step by itself
        finite = all_finite(whole)
        return [
            None
            if gradient is None
            else tf.where(finite, gradient, tf.zeros_like(gradient))
            for gradient in map(_dense, gradients)
        ]


def _dense(gradient):
    return None if gradient is None else tf.convert_to_tensor(gradient)
