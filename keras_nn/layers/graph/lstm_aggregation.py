import keras
from keras import ops

from keras_nn.layers.graph.aggregation import Aggregation
from keras_nn.ops import segment_rows


@keras.saving.register_keras_serializable(package="keras_nn")
class LSTMAggregation(Aggregation):
    """Messages read one after the other by a recurrent network.

    `y[s] = last state of LSTM(rows of s in their order)`: it depends on the
    order of edges, which is therefore drawn at random in the paper

    Args:
        max_rows: int. Rows of a segment that are read; those beyond are not.
            Memory grows with it: `segments * max_rows * features`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        data: float tensor of shape `(rows, features)`.
        segment_ids: int tensor of shape `(rows,)`.
        num_segments: int or scalar int tensor.

    Returns:
        A tensor of shape `(num_segments, features)`; 0 where there is no row.

    Raises:
        ValueError: if `max_rows` is not positive.

    Example:

    >>> rows, ids = ops.ones((3, 2)), ops.array([0, 0, 1])
    >>> y = LSTMAggregation(4)(rows, ids, num_segments=3)
    >>> tuple(y.shape), float(ops.sum(ops.abs(y[2])))
    ((3, 2), 0.0)

    Reference:
        [Hamilton et al., 2017](https://arxiv.org/abs/1706.02216), section 3.3
    """

    def __init__(self, max_rows, **kwargs):
        super().__init__(**kwargs)
        if max_rows < 1:
            raise ValueError(
                f"`max_rows` must be positive. Received: {max_rows=}"
            )
        self.max_rows = max_rows

    def build(self, data_shape, segment_ids_shape=None):
        self.cell = keras.layers.LSTMCell(
            data_shape[-1], dtype=self.dtype_policy, name="cell"
        )
        self.cell.build((None, data_shape[-1]))

    def call(self, data, segment_ids, num_segments):
        rows, there = segment_rows(
            data, segment_ids, num_segments, self.max_rows
        )
        zeros = ops.zeros_like(rows[:, 0])
        state = [zeros, zeros]
        for index in range(self.max_rows):
            _, after = self.cell(rows[:, index], state)
            read = there[:, index, None]
            state = [
                ops.where(read, new, old)
                for new, old in zip(after, state, strict=True)
            ]
        return state[0]

    def get_config(self):
        return {**super().get_config(), "max_rows": self.max_rows}
