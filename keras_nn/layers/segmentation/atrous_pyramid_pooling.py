import keras
from keras import ops

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct


@keras.saving.register_keras_serializable(package="keras_nn")
class AtrousPyramidPooling(keras.layers.Layer):
    """Looks at a map through kernels with holes of several widths (ASPP).

    `y = conv([conv1(x), conv3_{r_1}(x), ..., conv3_{r_n}(x), conv1(mean(x))])`

    with taps `r` pixels apart, the mean over the whole map, a normalisation
    and an activation behind every convolution, and dropout at the end.

    Args:
        filters: int. Channels of every branch and of the result. Defaults to
            256.
        rates: list of ints. Distances between the taps of the 3x3 kernels, in
            pixels of the map. Defaults to `(6, 12, 18)`, which is meant for a
            map of stride 16.
        separable: bool. Whether the 3x3 convolutions are depthwise and then
            pointwise. Defaults to False.
        dropout: float. Share of features dropped in training. Defaults to 0.
        norm: as in `ConvNormAct`. Defaults to `"batch"`.
        activation: str or callable. Defaults to `"relu"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool.

    Returns:
        A float tensor of shape `(batch, height, width, filters)`.

    Raises:
        ValueError: if a rate is not positive.

    Example:

    >>> layer = AtrousPyramidPooling(8, rates=[1, 2])
    >>> tuple(layer(ops.ones((1, 6, 6, 3))).shape)
    (1, 6, 6, 8)

    Reference:
        [Chen et al., 2017](https://arxiv.org/abs/1706.05587), section 3.3.
    """

    def __init__(
        self,
        filters=256,
        rates=(6, 12, 18),
        separable=False,
        dropout=0.0,
        norm="batch",
        activation="relu",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not rates or min(rates) < 1:
            raise ValueError(f"`rates` must be positive. Received: {rates=}")
        self.filters = filters
        self.rates = list(rates)
        self.separable = separable
        self.dropout = dropout
        self.norm = norm
        self.activation = keras.activations.get(activation)
        self.drop = keras.layers.Dropout(dropout, dtype=self.dtype_policy)
        self.point = self._convolution(1, "point")
        self.pooled = self._convolution(1, "pooled")
        self.project = self._convolution(1, "project")
        self.depthwise = []
        if separable:
            self.depthwise = [self._depthwise(rate) for rate in self.rates]
        self.branches = [
            self._convolution(1, f"branch_{rate}")
            if separable
            else self._convolution(3, f"branch_{rate}", rate)
            for rate in self.rates
        ]

    def build(self, input_shape):
        for layer in (self.point, self.pooled, *self.depthwise, *self.branches):
            layer.build(input_shape)
        joined = (len(self.rates) + 2) * self.filters
        self.project.build((*input_shape[:-1], joined))

    def call(self, inputs, training=None):
        height, width = ops.shape(inputs)[1:3]
        mean = ops.mean(inputs, axis=(1, 2), keepdims=True)
        mean = self.pooled(mean, training=training)
        maps = [self.point(inputs, training=training)]
        for index, branch in enumerate(self.branches):
            x = inputs
            if self.separable:
                x = self.depthwise[index](x)
            maps.append(branch(x, training=training))
        shape = (ops.shape(inputs)[0], height, width, self.filters)
        maps.append(ops.broadcast_to(mean, shape))
        outputs = self.project(
            ops.concatenate(maps, axis=-1), training=training
        )
        return self.drop(outputs, training=training)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "rates": self.rates,
            "separable": self.separable,
            "dropout": self.dropout,
            "norm": self.norm,
            "activation": keras.activations.serialize(self.activation),
        }

    def _convolution(self, size, name, rate=1):
        return ConvNormAct(
            self.filters,
            size,
            dilation_rate=rate,
            norm=self.norm,
            activation=self.activation,
            dtype=self.dtype_policy,
            name=name,
        )

    def _depthwise(self, rate):
        return keras.layers.DepthwiseConv2D(
            3,
            padding="same",
            dilation_rate=rate,
            use_bias=False,
            data_format="channels_last",
            dtype=self.dtype_policy,
            name=f"depthwise_{rate}",
        )
