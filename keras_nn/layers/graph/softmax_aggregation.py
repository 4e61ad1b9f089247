import keras
from keras import ops

from keras_nn.layers.graph.aggregation import Aggregation
from keras_nn.ops import segment_softmax
from keras_nn.ops import segment_sum


@keras.saving.register_keras_serializable(package="keras_nn")
class SoftmaxAggregation(Aggregation):
    """Between mean and maximum: messages weighted by their softmax.

    `y[s] = sum over i in s of softmax(temperature * x)[i] x[i]`, feature by
    feature: the mean at 0, the maximum at infinity

    Args:
        temperature: float. Factor before the softmax, the initial one where
            it is learnt. Defaults to 1.
        learn: bool. Whether the factor is learnt. Defaults to False.
        **kwargs: `name`, `dtype`.

    Call arguments:
        data: float tensor of shape `(rows, features)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, features)`.

    Example:

    >>> rows = ops.array([[1.0], [3.0]])
    >>> y = SoftmaxAggregation(100.0)(rows, ops.array([0, 0]), num_segments=1)
    >>> print(ops.convert_to_numpy(y))
    [[3.]]

    Reference:
        [Li et al., 2020](https://arxiv.org/abs/2006.07739), section 3.2
    """

    def __init__(self, temperature=1.0, learn=False, **kwargs):
        super().__init__(**kwargs)
        self.temperature = temperature
        self.learn = learn

    def build(self, data_shape, segment_ids_shape=None):
        if self.learn:
            self.temperature_weight = self.add_weight(
                name="temperature",
                shape=(),
                initializer=keras.initializers.Constant(self.temperature),
            )

    def call(self, data, segment_ids, num_segments):
        factor = self.temperature
        if self.learn:
            factor = ops.cast(self.temperature_weight, data.dtype)
        weights = segment_softmax(factor * data, segment_ids, num_segments)
        return segment_sum(weights * data, segment_ids, num_segments)

    def get_config(self):
        return {
            **super().get_config(),
            "temperature": self.temperature,
            "learn": self.learn,
        }
