import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class FeaturePyramid(keras.layers.Layer):
    """Maps of several strides, each told what the coarser ones see.

    `t_l = conv1x1(x_l) + up(t_{l+1})`, `y_l = conv3x3(t_l)`

    and, for `extra_levels`, `y_{l+1} = conv3x3(relu(y_l))` in steps of two.

    Args:
        filters: int. Channels of every map. Defaults to 256.
        extra_levels: int. Further, coarser maps. Defaults to 0.

    Call arguments:
        inputs: list of float tensors `(batch, height, width, channels)`, the
            finest first. Each map is half as large as the one before it, or
            half of one more.

    Returns:
        A list of float tensors `(batch, height, width, filters)`, the finest
        first.

    Raises:
        ValueError: if `filters` is not positive or `extra_levels` negative.

    Example:

    >>> maps = [ops.ones((1, 8, 8, 4)), ops.ones((1, 4, 4, 6))]
    >>> [tuple(x.shape) for x in FeaturePyramid(3, extra_levels=1)(maps)]
    [(1, 8, 8, 3), (1, 4, 4, 3), (1, 2, 2, 3)]

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1612.03144);
        [RetinaNet](https://arxiv.org/abs/1708.02002), section 4, for the
        extra maps.
    """

    def __init__(self, filters=256, extra_levels=0, **kwargs):
        super().__init__(**kwargs)
        if filters < 1 or extra_levels < 0:
            raise ValueError(
                "`filters` must be positive, `extra_levels` not negative. "
                f"Received: {filters=}, {extra_levels=}"
            )
        self.filters = filters
        self.extra_levels = extra_levels

    def build(self, input_shape):
        levels = range(len(input_shape))
        self.laterals = [self._conv(1, 1, f"lateral_{i}") for i in levels]
        self.smooths = [self._conv(3, 1, f"smooth_{i}") for i in levels]
        self.extras = [
            self._conv(3, 2, f"extra_{i}") for i in range(self.extra_levels)
        ]
        for lateral, shape in zip(self.laterals, input_shape, strict=True):
            lateral.build(shape)
        for conv in (*self.smooths, *self.extras):
            conv.build((None, None, None, self.filters))

    def call(self, inputs):
        maps = [
            lateral(x) for lateral, x in zip(self.laterals, inputs, strict=True)
        ]
        for level in reversed(range(len(maps) - 1)):
            maps[level] = maps[level] + _doubled(maps[level + 1], maps[level])
        maps = [conv(x) for conv, x in zip(self.smooths, maps, strict=True)]
        for conv in self.extras:
            maps.append(conv(ops.relu(maps[-1])))
        return maps

    def compute_output_shape(self, input_shape):
        shapes = [(*shape[:3], self.filters) for shape in input_shape]
        for _ in range(self.extra_levels):
            batch, *sides, _ = shapes[-1]
            sides = [None if side is None else -(-side // 2) for side in sides]
            shapes.append((batch, *sides, self.filters))
        return shapes

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "extra_levels": self.extra_levels,
        }

    def _conv(self, kernel_size, strides, name):
        return keras.layers.Conv2D(
            self.filters,
            kernel_size,
            strides=strides,
            padding="same",
            kernel_initializer="he_normal",
            data_format="channels_last",
            dtype=self.dtype_policy,
            name=name,
        )


def _doubled(coarse, fine):
    """`coarse` at twice the size, cut to the size of `fine`."""
    height, width = ops.shape(coarse)[1:3]
    # Stacked, since TensorFlow's `repeat` cannot run on two replicas.
    doubled = ops.stack([coarse, coarse], axis=2)  # (batch, h, 2, w, c)
    doubled = ops.stack([doubled, doubled], axis=4)
    shape = (-1, 2 * height, 2 * width, coarse.shape[-1])
    height, width = ops.shape(fine)[1:3]
    return ops.reshape(doubled, shape)[:, :height, :width]
