import keras

from keras_nn.models.video.video_backbone import VideoBackbone
from keras_nn.models.video.video_backbone import VideoHead


@keras.saving.register_keras_serializable(package="keras_nn")
class ConvLSTMNetwork(VideoBackbone):
    """Clips through recurrent layers whose state is a map.

    A convolution with a stride of 2 and a rectifier for each frame, then
    layers of `keras.layers.ConvLSTM2D` with layer normalisation over channels;
    the last one tells its last state.

    Args:
        include_top, weights: as of `ResNet3D`.
        input_shape: tuple `(frames, height, width, channels)`; only the frames
            may be None. Defaults to `(16, 112, 112, 3)`.
        pooling, classes, classifier_activation: as of `ResNet3D`.
        stem_filters: int or None. Of the convolution; None leaves it out.
            Defaults to 16.
        filters: list of ints. Channels of each recurrent layer. Defaults to
            `(32, 32)`.
        kernel_size: int. In pixels. Defaults to 3.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, frames, height, width, channels)`.

    Returns:
        Class scores `(batch, classes)`; without the top a map `(batch, 1,
        height', width', channels')`, or `(batch, channels')` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = ConvLSTMNetwork(input_shape=(4, 16, 16, 1), filters=[4],
    ...                         classes=3)
    >>> model.output_shape
    (None, 3)

    Reference:
        [Shi et al., 2015](https://arxiv.org/abs/1506.04214)
    """

    presets = {"conv_lstm": {}}

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=400,
        classifier_activation="softmax",
        stem_filters=16,
        filters=(32, 32),
        kernel_size=3,
        dtype=None,
        **kwargs,
    ):
        head = VideoHead(
            include_top,
            weights,
            input_shape,
            pooling,
            classes,
            classifier_activation,
            dtype,
        )
        if None in head.input_shape[1:]:
            raise ValueError(
                "Height and width must be known: a recurrent layer keeps a map "
                f"of one size. Received: {input_shape=}"
            )
        if not filters:
            raise ValueError(
                "`filters` must name the channels of a recurrent layer. "
                f"Received: {filters=}"
            )
        given = {"data_format": "channels_last", "dtype": dtype}
        clips = x = head.clips()
        if stem_filters is not None:
            x = keras.layers.Conv3D(
                stem_filters,
                (1, 3, 3),
                (1, 2, 2),
                padding="same",
                activation="relu",
                name="stem",
                **given,
            )(x)
        for index, count in enumerate(filters, start=1):
            x = keras.layers.ConvLSTM2D(
                count,
                kernel_size,
                padding="same",
                return_sequences=index < len(filters),
                name=f"recurrent{index}",
                **given,
            )(x)
            x = keras.layers.LayerNormalization(
                dtype=dtype, name=f"norm{index}"
            )(x)
        # One frame is left; a head of clips takes a map with frames.
        x = keras.ops.expand_dims(x, axis=1)
        super().__init__(clips, head.end(x), head, **kwargs)
        self.stem_filters = stem_filters
        self.filters = list(filters)
        self.kernel_size = kernel_size

    def get_config(self):
        return {
            **super().get_config(),
            "stem_filters": self.stem_filters,
            "filters": self.filters,
            "kernel_size": self.kernel_size,
        }
