import keras

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct
from keras_nn.models.segmentation.map_decoder import MapDecoder
from keras_nn.models.segmentation.map_decoder import check_doubling
from keras_nn.models.segmentation.map_decoder import coarsest
from keras_nn.models.segmentation.map_decoder import enlarge


class BridgedDecoder(MapDecoder):
    """A way up from a backbone's coarsest map to the full size. Abstract.

    A subclass defines `decode`, from the maps and the `BridgedBlocks` to one
    map of the finest stride.

    Args:
        backbone, strides, include_top, weights, classes,
            classifier_activation, filters, dropout, dtype, **kwargs: as of
            `BackboneUNet`.
    """

    def __init__(
        self,
        backbone,
        strides=None,
        include_top=True,
        weights=None,
        classes=2,
        classifier_activation="softmax",
        filters=(16, 32, 64, 128, 256),
        dropout=0.0,
        dtype=None,
        **kwargs,
    ):
        strides = coarsest(backbone, 0, strides)
        check_doubling(strides)
        blocks = BridgedBlocks(strides, filters, dtype)
        super().__init__(
            backbone,
            strides,
            lambda maps: blocks.full_size(self.decode(maps, blocks)),
            include_top,
            weights,
            classes,
            classifier_activation,
            dropout,
            dtype,
            map_stride=1,
            **kwargs,
        )
        self.filters = list(filters)

    def decode(self, maps, blocks):
        """One map of the finest stride, of all maps, the finest first."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `decode`."
        )

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}


class BridgedBlocks:
    """The blocks of a way up: twice the size, then two convolutions.

    Args:
        strides: list of ints, of the maps, the finest first.
        filters: list of ints, at strides 1, 2, 4 ...
        dtype: dtype policy of the layers.
    """

    def __init__(self, strides, filters, dtype):
        if not filters or min(filters) < 1:
            raise ValueError(
                "`filters` must be positive, for one stride at least. "
                f"Received: {filters=}"
            )
        self.strides = strides
        self.filters = filters
        self.dtype = dtype

    def bridged(self, below, bridges, level, name):
        """A map of the size of a level, of one half as large, and others."""
        x = enlarge(below, 2, self.dtype, f"{name}_double")
        x = keras.layers.Concatenate(dtype=self.dtype, name=f"{name}_bridge")(
            [*bridges, x]
        )
        return self.convolved(x, self.strides[level], name)

    def full_size(self, x):
        """A map as large as the pictures, of one of the finest stride."""
        stride = self.strides[0]
        while stride > 1:
            stride //= 2
            name = f"without_bridge_{stride}"
            x = enlarge(x, 2, self.dtype, f"{name}_double")
            x = self.convolved(x, stride, name)
        return x

    def convolved(self, x, stride, name):
        """Two convolutions with the filters of this stride."""
        place = min(stride.bit_length() - 1, len(self.filters) - 1)
        for index in range(2):
            x = ConvNormAct(
                self.filters[place],
                3,
                dtype=self.dtype,
                name=f"{name}_conv_{index}",
            )(x)
        return x
