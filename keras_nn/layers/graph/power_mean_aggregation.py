import keras
from keras import ops

from keras_nn.layers.graph.aggregation import Aggregation
from keras_nn.ops import segment_mean


@keras.saving.register_keras_serializable(package="keras_nn")
class PowerMeanAggregation(Aggregation):
    """The mean of powers of messages, and the root of it.

    `y[s] = (mean over i in s of c(x[i])^p)^(1/p)`, where `c` clips to
    `smallest .. largest`: the mean at 1, towards the maximum above

    Args:
        power: float. The initial one where it is learnt. Defaults to 1.
        learn: bool. Whether the power is learnt. Defaults to False.
        smallest: float. A larger number than 0 keeps powers and their
            gradients finite. Defaults to 1e-7.
        largest: float. Defaults to 100.
        **kwargs: `name`, `dtype`.

    Call arguments:
        data: float tensor of shape `(rows, features)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, features)`; 0 where there is no row.

    Raises:
        ValueError: if the power is 0, or the bounds are none.

    Example:

    >>> rows = ops.array([[1.0], [7.0]])
    >>> y = PowerMeanAggregation(2.0)(rows, ops.array([0, 0]), num_segments=1)
    >>> print(ops.convert_to_numpy(y))
    [[5.]]

    Reference:
        [Li et al., 2020](https://arxiv.org/abs/2006.07739), section 3.2
    """

    def __init__(
        self, power=1.0, learn=False, smallest=1e-7, largest=100.0, **kwargs
    ):
        super().__init__(**kwargs)
        if not power or not 0 < smallest < largest:
            raise ValueError(
                "`power` must not be 0, and 0 < smallest < largest. Received: "
                f"{power=}, {smallest=}, {largest=}"
            )
        self.power = power
        self.learn = learn
        self.smallest = smallest
        self.largest = largest

    def build(self, data_shape, segment_ids_shape=None):
        if self.learn:
            self.power_weight = self.add_weight(
                name="power",
                shape=(),
                initializer=keras.initializers.Constant(self.power),
            )

    def call(self, data, segment_ids, num_segments):
        # Half precision cannot hold powers of what it clips to.
        power = self.power
        if self.learn:
            power = ops.cast(self.power_weight, "float32")
        x = ops.clip(ops.cast(data, "float32"), self.smallest, self.largest)
        mean = segment_mean(x**power, segment_ids, num_segments)
        filled = mean > 0
        y = ops.where(filled, mean, ops.ones_like(mean)) ** (1 / power)
        y = ops.where(filled, y, ops.zeros_like(y))
        return ops.cast(y, data.dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "power": self.power,
            "learn": self.learn,
            "smallest": self.smallest,
            "largest": self.largest,
        }
