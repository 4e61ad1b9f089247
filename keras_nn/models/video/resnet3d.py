import keras

from keras_nn.models.video.video_backbone import VideoBackbone
from keras_nn.models.video.video_backbone import VideoHead

KINDS = ("3d", "2plus1d", "2d")


@keras.saving.register_keras_serializable(package="keras_nn")
class ResNet3D(VideoBackbone):
    """Residual network for clips: convolutions in time and space.

    `y = relu(shortcut(x) + residual(x))` in every block

    A stage's convolutions are of one kind: `"3d"`, 3x3x3; `"2plus1d"`, 1x3x3
    to `27 C_in C_out // (9 C_in + 3 C_out)` channels, normalised and rectified,
    then 3x1x1, which has as many weights; `"2d"`, 1x3x3.

    Presets: `r3d_18`, `r2plus1d_18`, `mc3_18` (3x3x3 in the stem and the first
    stage only): weight for weight the networks of torchvision.

    Args:
        include_top: bool. Whether to end in pooling and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(frames, height, width, channels)`; all but the
            channels may be None. Defaults to `(16, 112, 112, 3)`.
        pooling: None, `"avg"` or `"max"`, without the top: how to pool the
            last map. Defaults to None.
        classes: int. Number of classes. Defaults to 400.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        kinds: list of str. The kind of each stage. Defaults to `"3d"` for
            all.
        stem: `"3d"` (3x7x7) or `"2plus1d"` (1x7x7 to `stem_width` channels,
            then 3x1x1). Defaults to `"3d"`.
        stem_width: int. Defaults to 45.
        stem_stride: int. Of the stem in space; 1 for small pictures. Defaults
            to 2.
        num_blocks: list of ints. Blocks of each stage. Defaults to
            `(2, 2, 2, 2)`.
        num_filters: list of ints. Filters of each stage. Defaults to
            `(64, 128, 256, 512)`.
        synchronized: bool. Statistics over all replicas. Defaults to False.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, frames, height, width, channels)`.

    Returns:
        Class scores `(batch, classes)`; without the top a map `(batch,
        frames', height', width', channels')`, or `(batch, channels')` if
        pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = ResNet3D.from_preset(
    ...     "r2plus1d_18", input_shape=(8, 32, 32, 3), num_filters=(8, 8, 8, 8)
    ... )
    >>> model.output_shape
    (None, 400)

    Reference:
        [Tran et al., 2018](https://arxiv.org/abs/1711.11248)
    """

    presets = {
        "r3d_18": {},
        "r2plus1d_18": {"kinds": ("2plus1d",) * 4, "stem": "2plus1d"},
        "mc3_18": {"kinds": ("3d", "2d", "2d", "2d")},
    }

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=400,
        classifier_activation="softmax",
        kinds=("3d", "3d", "3d", "3d"),
        stem="3d",
        stem_width=45,
        stem_stride=2,
        num_blocks=(2, 2, 2, 2),
        num_filters=(64, 128, 256, 512),
        synchronized=False,
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
        if not len(kinds) == len(num_blocks) == len(num_filters):
            raise ValueError(
                "`kinds`, `num_blocks` and `num_filters` must have one entry a "
                f"stage. Received: {kinds=}, {num_blocks=}, {num_filters=}"
            )
        if not set(kinds) <= set(KINDS) or stem not in KINDS[:2]:
            raise ValueError(
                f"`kinds` must be of {KINDS}, `stem` of {KINDS[:2]}. "
                f"Received: {kinds=}, {stem=}"
            )
        block = _Blocks(synchronized, dtype)
        clips = x = head.clips()
        space = (1, stem_stride, stem_stride)
        if stem == "3d":
            x = block.unit(x, num_filters[0], (3, 7, 7), space, "stem")
        else:
            x = block.unit(x, stem_width, (1, 7, 7), space, "stem_space")
            x = block.unit(x, num_filters[0], (3, 1, 1), 1, "stem_time")
        stages = zip(kinds, num_blocks, num_filters, strict=True)
        for stage, (kind, count, filters) in enumerate(stages, start=1):
            for index in range(1, count + 1):
                stride = 2 if stage > 1 and index == 1 else 1
                name = f"layer{stage}_{index}"
                x = block.residual(x, filters, kind, stride, name)
        super().__init__(clips, head.end(x), head, **kwargs)
        self.kinds = list(kinds)
        self.stem = stem
        self.stem_width = stem_width
        self.stem_stride = stem_stride
        self.num_blocks = list(num_blocks)
        self.num_filters = list(num_filters)
        self.synchronized = synchronized

    def get_config(self):
        return {
            **super().get_config(),
            "kinds": self.kinds,
            "stem": self.stem,
            "stem_width": self.stem_width,
            "stem_stride": self.stem_stride,
            "num_blocks": self.num_blocks,
            "num_filters": self.num_filters,
            "synchronized": self.synchronized,
        }


class _Blocks:
    """The building blocks, all of one dtype."""

    def __init__(self, synchronized, dtype):
        self.synchronized = synchronized
        self.dtype = dtype

    def unit(self, x, filters, kernel, strides, name, relu=True):
        """Convolution without bias, batch normalisation, rectifier."""
        margins = [side // 2 for side in kernel]
        if any(margins):
            # Keras's "same" would pad one side only where there are strides.
            x = keras.layers.ZeroPadding3D(
                margins,
                data_format="channels_last",
                dtype=self.dtype,
                name=f"{name}_pad",
            )(x)
        x = keras.layers.Conv3D(
            filters,
            kernel,
            strides,
            use_bias=False,
            kernel_initializer="he_normal",
            data_format="channels_last",
            dtype=self.dtype,
            name=f"{name}_conv",
        )(x)
        x = keras.layers.BatchNormalization(
            momentum=0.9,
            epsilon=1e-5,
            synchronized=self.synchronized,
            dtype=self.dtype,
            name=f"{name}_bn",
        )(x)
        if not relu:
            return x
        return keras.layers.Activation(
            "relu", dtype=self.dtype, name=f"{name}_relu"
        )(x)

    def conv(self, x, filters, middle, kind, stride, name, relu=True):
        """One convolution of a kind."""
        space = (1, stride, stride)
        if kind == "3d":
            return self.unit(x, filters, (3, 3, 3), stride, name, relu)
        if kind == "2d":
            return self.unit(x, filters, (1, 3, 3), space, name, relu)
        time = (stride, 1, 1)
        x = self.unit(x, middle, (1, 3, 3), space, f"{name}_space")
        return self.unit(x, filters, (3, 1, 1), time, f"{name}_time", relu)

    def residual(self, x, filters, kind, stride, name):
        """Two convolutions beside a shortcut."""
        before = x.shape[-1]
        middle = (27 * before * filters) // (9 * before + 3 * filters)
        y = self.conv(x, filters, middle, kind, stride, f"{name}_1")
        y = self.conv(y, filters, middle, kind, 1, f"{name}_2", relu=False)
        if stride != 1 or before != filters:
            strides = (1, stride, stride) if kind == "2d" else stride
            x = self.unit(
                x, filters, (1, 1, 1), strides, f"{name}_shortcut", relu=False
            )
        x = keras.layers.Add(dtype=self.dtype, name=f"{name}_add")([x, y])
        return keras.layers.Activation(
            "relu", dtype=self.dtype, name=f"{name}_out"
        )(x)
