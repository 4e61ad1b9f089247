import math

import keras
from keras import ops

from keras_nn.ops import ball_neighbors
from keras_nn.ops import farthest_points


@keras.saving.register_keras_serializable(package="keras_nn")
class SetAbstraction(keras.layers.Layer):
    """Fewer points of a cloud, each telling of the ball around it (PointNet++).

    `y[c] = max over points i with |p[i] - p[c]| <= radius of
    MLP([x[i], p[i] - p[c]])` at `points` centres `c`, each the one farthest
    from those before, the first point being the first

    Args:
        points: int. Centres that are kept.
        radius: float. Of a ball, in the unit of positions.
        units: list of int. Widths of the layers of the MLP, ReLU after each.
        max_neighbors: int. Points of a ball that are looked at, the nearest
            ones. Defaults to 64.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict of `node_positions` of shape `(packs, nodes,
            dimensions)`, perhaps `node_features` of shape `(packs, nodes,
            features)`, and `node_mask`, False for padding. A pack is one
            cloud.

    Returns:
        A dict of `node_features` of shape `(packs, points, units[-1])`,
        `node_positions` of shape `(packs, points, dimensions)` and
        `node_mask`, False where a cloud has no more points.

    Raises:
        ValueError: if a number is not positive.

    Example:

    >>> cloud = {"node_positions": keras.random.normal((2, 30, 3), seed=0)}
    >>> y = SetAbstraction(8, radius=1.0, units=[16, 32])(cloud)
    >>> tuple(y["node_features"].shape), tuple(y["node_positions"].shape)
    ((2, 8, 32), (2, 8, 3))

    Reference:
        [Qi et al., 2017](https://arxiv.org/abs/1706.02413)
    """

    def __init__(self, points, radius, units, max_neighbors=64, **kwargs):
        super().__init__(**kwargs)
        if not units or min(points, radius, max_neighbors, *units) <= 0:
            raise ValueError(
                "`points`, `radius`, `units` and `max_neighbors` must be "
                f"positive. Received: {points=}, {radius=}, {units=}, "
                f"{max_neighbors=}"
            )
        self.points = points
        self.radius = radius
        self.units = list(units)
        self.max_neighbors = max_neighbors
        self.mlp = [
            keras.layers.Dense(
                width,
                activation="relu",
                dtype=self.dtype_policy,
                name=f"dense_{index}",
            )
            for index, width in enumerate(self.units)
        ]

    def build(self, input_shape):
        width = input_shape["node_positions"][-1]
        width += input_shape.get("node_features", (0,))[-1]
        for layer in self.mlp:
            layer.build((None, width))
            width = layer.units

    def call(self, inputs):
        positions = inputs["node_positions"]
        mask = inputs.get("node_mask")
        if mask is None:
            mask = ops.ones_like(positions[..., 0], dtype="bool")
        centres, known = farthest_points(positions, self.points, mask)
        at = _rows(positions, centres)
        near, there = ball_neighbors(
            positions, at, self.radius, self.max_neighbors, mask
        )
        offsets = _rows(positions, near) - at[:, :, None]
        parts = [ops.cast(offsets, self.compute_dtype)]
        if "node_features" in inputs:
            parts.insert(0, _rows(inputs["node_features"], near))
        y = ops.concatenate(parts, axis=-1)
        for layer in self.mlp:
            y = layer(y)
        # After a ReLU nothing is below 0, which empty balls are left with.
        y = ops.where(there[..., None], y, ops.zeros_like(y))
        y = ops.max(y, axis=2)
        return {
            "node_features": ops.where(known[..., None], y, 0 * y),
            "node_positions": at,
            "node_mask": known,
        }

    def compute_output_shape(self, input_shape):
        packs, _, dimensions = input_shape["node_positions"]
        return {
            "node_features": (packs, self.points, self.units[-1]),
            "node_positions": (packs, self.points, dimensions),
            "node_mask": (packs, self.points),
        }

    def compute_output_spec(self, inputs):
        shapes = self.compute_output_shape(
            {key: value.shape for key, value in inputs.items()}
        )
        dtypes = {
            "node_features": self.compute_dtype,
            "node_positions": inputs["node_positions"].dtype,
            "node_mask": "bool",
        }
        return {
            key: keras.KerasTensor(shape, dtype=dtypes[key])
            for key, shape in shapes.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "points": self.points,
            "radius": self.radius,
            "units": self.units,
            "max_neighbors": self.max_neighbors,
        }


def _rows(values, ids):
    """`(packs, n, f)` at `(packs, ...)` ids: `(packs, ..., f)`."""
    count = math.prod(ids.shape[1:])
    rows = ops.take_along_axis(values, ops.reshape(ids, (-1, count, 1)), 1)
    return ops.reshape(rows, (-1, *ids.shape[1:], values.shape[-1]))
