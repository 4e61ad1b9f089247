import math

import keras
from keras import ops

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct


@keras.saving.register_keras_serializable(package="keras_nn")
class PyramidTower(keras.layers.Layer):
    """The same convolutions over every map of a pyramid: a detector's head.

    `y_l = conv(relu(norm(conv(... x_l))))`, all places in one row

    Args:
        outputs: int. Numbers predicted for each box.
        boxes: int. Boxes predicted at each place. Defaults to 1.
        filters: int. Channels of the hidden convolutions. Defaults to 256.
        depth: int. Hidden convolutions. Defaults to 4.
        norm: None, `"group"` or `"layer"`: their normalisation, as in
            `ConvNormAct`. Defaults to None.
        norm_groups: int. Groups of `"group"`. Defaults to 32.
        prior: float in (0, 1) or None. The probability that a new tower
            predicts everywhere, so that the many places without an object do
            not drown the others at first. Defaults to None.

    Call arguments:
        inputs: list of float tensors `(batch, height, width, channels)`, all
            of the same number of channels.

    Returns:
        A float tensor `(batch, places * boxes, outputs)`, map after map, row
        after row.

    Raises:
        ValueError: if a size is not positive or `prior` is no probability.

    Example:

    >>> maps = [ops.ones((1, 4, 4, 8)), ops.ones((1, 2, 2, 8))]
    >>> tuple(PyramidTower(3, boxes=2, filters=8, depth=1)(maps).shape)
    (1, 40, 3)

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002), section 4.
    """

    def __init__(
        self,
        outputs,
        boxes=1,
        filters=256,
        depth=4,
        norm=None,
        norm_groups=32,
        prior=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(outputs, boxes, filters) < 1 or depth < 0:
            raise ValueError(
                "`outputs`, `boxes` and `filters` must be positive, `depth` "
                f"not negative. Received: {outputs=}, {boxes=}, {filters=}, "
                f"{depth=}"
            )
        if prior is not None and not 0 < prior < 1:
            raise ValueError(f"`prior` must lie in (0, 1). Received: {prior=}")
        self.outputs = outputs
        self.boxes = boxes
        self.filters = filters
        self.depth = depth
        self.norm = norm
        self.norm_groups = norm_groups
        self.prior = prior
        self.convs = [
            ConvNormAct(
                filters,
                3,
                norm=norm,
                norm_groups=norm_groups,
                dtype=self.dtype_policy,
                name=f"conv_{index}",
            )
            for index in range(depth)
        ]
        bias = 0.0 if prior is None else math.log(prior / (1 - prior))
        self.last = keras.layers.Conv2D(
            outputs * boxes,
            3,
            padding="same",
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
            bias_initializer=keras.initializers.Constant(bias),
            data_format="channels_last",
            dtype=self.dtype_policy,
            name="last",
        )

    def build(self, input_shape):
        shape = (None, None, None, input_shape[0][-1])
        for conv in self.convs:
            conv.build(shape)
            shape = (*shape[:3], self.filters)
        self.last.build(shape)

    def call(self, inputs, training=None):
        rows = []
        for x in inputs:
            for conv in self.convs:
                x = conv(x, training=training)
            x = self.last(x)
            height, width = ops.shape(x)[1:3]
            places = height * width * self.boxes
            rows.append(ops.reshape(x, (-1, places, self.outputs)))
        return ops.concatenate(rows, axis=1)

    def compute_output_shape(self, input_shape):
        places = 0
        for _, height, width, _ in input_shape:
            known = None not in (height, width, places)
            places = places + height * width * self.boxes if known else None
        return input_shape[0][0], places, self.outputs

    def get_config(self):
        return {
            **super().get_config(),
            "outputs": self.outputs,
            "boxes": self.boxes,
            "filters": self.filters,
            "depth": self.depth,
            "norm": self.norm,
            "norm_groups": self.norm_groups,
            "prior": self.prior,
        }
