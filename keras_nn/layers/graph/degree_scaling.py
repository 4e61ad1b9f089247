import keras
from keras import ops

from keras_nn.layers.graph.aggregation import Aggregation
from keras_nn.layers.graph.aggregation import aggregate_rows
from keras_nn.layers.graph.aggregation import aggregation_ways
from keras_nn.layers.graph.aggregation import build_aggregator
from keras_nn.layers.graph.aggregation import get_aggregator
from keras_nn.layers.graph.aggregation import serialize_aggregator
from keras_nn.ops import segment_count

SCALERS = (
    "identity",
    "amplification",
    "attenuation",
    "linear",
    "inverse_linear",
)


@keras.saving.register_keras_serializable(package="keras_nn")
class DegreeScaling(Aggregation):
    """What a node gathers, scaled by how many messages it gathers.

    `y = [scale(d) * aggregate(x) for every scaler]` with the scales `1`,
    `log(d + 1) / average_log`, `average_log / log(d + 1)`, `d / average`,
    `average / d`, the last three of `d = 0` being those of `d = 1`

    Args:
        aggregator: a name, a layer, or a list of those, as of
            `MessagePassing`.
        scalers: list of `"identity"`, `"amplification"`, `"attenuation"`,
            `"linear"`, `"inverse_linear"`.
        average_degree: float. Mean of `d` over the nodes of the training
            graphs; for the linear ones. Defaults to 1.
        average_log_degree: float. Mean of `log(d + 1)` likewise; for the
            logarithmic ones. Defaults to 1.
        **kwargs: `name`, `dtype`.

    Call arguments:
        data: float tensor of shape `(rows, features)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, scalers * ways * features)`.

    Raises:
        ValueError: on another scaler, or an average that is not positive.

    Example:

    >>> scaling = DegreeScaling("sum", ["identity", "linear"], 4.0)
    >>> rows, ids = ops.array([[1.0], [3.0]]), ops.array([0, 0])
    >>> y = scaling(rows, ids, num_segments=1)
    >>> print(ops.convert_to_numpy(y))
    [[4. 2.]]

    Reference:
        [Corso et al., 2020](https://arxiv.org/abs/2004.05718)
    """

    def __init__(
        self,
        aggregator,
        scalers,
        average_degree=1.0,
        average_log_degree=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not scalers or set(scalers) - set(SCALERS):
            raise ValueError(
                f"`scalers` must be among {SCALERS}. Received: {scalers=}"
            )
        if min(average_degree, average_log_degree) <= 0:
            raise ValueError(
                "Averages must be positive. Received: "
                f"{average_degree=}, {average_log_degree=}"
            )
        self.aggregator = get_aggregator(aggregator)
        self.scalers = list(scalers)
        self.average_degree = average_degree
        self.average_log_degree = average_log_degree

    @property
    def ways(self):
        """int. How many times the features come out."""
        return len(self.scalers) * aggregation_ways(self.aggregator)

    def build(self, data_shape, segment_ids_shape=None):
        build_aggregator(self.aggregator, data_shape[-1])

    def call(self, data, segment_ids, num_segments):
        gathered = aggregate_rows(
            data, segment_ids, num_segments, self.aggregator
        )
        degree = segment_count(segment_ids, num_segments)
        some = ops.maximum(degree, 1.0)
        scales = {
            "identity": ops.ones_like(degree),
            "amplification": ops.log(degree + 1) / self.average_log_degree,
            "attenuation": self.average_log_degree / ops.log(some + 1),
            "linear": degree / self.average_degree,
            "inverse_linear": self.average_degree / some,
        }
        parts = [
            gathered * ops.cast(scales[name], gathered.dtype)[:, None]
            for name in self.scalers
        ]
        return ops.concatenate(parts, axis=-1)

    def get_config(self):
        return {
            **super().get_config(),
            "aggregator": serialize_aggregator(self.aggregator),
            "scalers": self.scalers,
            "average_degree": self.average_degree,
            "average_log_degree": self.average_log_degree,
        }
