import keras

from keras_nn.models.cnn.output_stride import check_output_stride
from keras_nn.models.cnn.residual_blocks import ResidualStages
from keras_nn.models.cnn.resnet_sizes import PRESETS
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead


@keras.saving.register_keras_serializable(package="keras_nn")
class ResNet(ImageBackbone):
    """Residual network for images, versions 1 and 2, of any depth.

    `y = shortcut(x) + residual(x)` in every block.

    Presets: `resnet18`, `34`, `50`, `101`, `152` for large pictures,
    `resnet20`, `32`, `44`, `56`, `110` for 32x32 ones, each also with the
    suffix `v2`. The presets 50, 101 and 152 are, weight for weight, the
    networks of `keras.applications`. `resnext50_32x4d`, `resnext101_32x4d`,
    `_32x8d` and `_64x4d` divide their channels into groups, `seresnet50`,
    `101`, `152`, `seresnext50_32x4d` and `seresnext101_32x4d`, `_32x8d` and
    `_64x4d` weigh them. For 32x32 pictures there are also `resnet18_cifar`
    and `resnet34_cifar`, with four stages behind a 3x3 stem,
    `resnext29_8x64d` and `resnext29_16x64d`, and `seresnet20` to
    `seresnet110`.

    Args:
        include_top: bool. Whether to end in pooling and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels. Without the
            top, height and width may be None. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`, without the top: how to pool the
            last features. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        num_blocks: list of ints. Blocks of each stage. Defaults to those of
            ResNet-50.
        num_filters: list of ints. Filters of each stage.
        bottleneck: bool. Whether a block is 1x1, 3x3, 1x1 convolutions rather
            than two 3x3. Defaults to True.
        preactivation: bool. Whether it is version 2. Defaults to False.
        conv_bias: bool. Whether convolutions have a bias, as those of
            `keras.applications` do. Defaults to True.
        stem: `"imagenet"` (7x7 convolution and pooling, a quarter of the
            size) or `"cifar"` (3x3 convolution, full size). Defaults to
            `"imagenet"`.
        shortcut: `"projection"` or `"padding"`, where a block changes the
            shape. Defaults to `"projection"`.
        momentum: float. Share of the moving statistics that a step keeps.
            Defaults to 0.99.
        epsilon: float, added to variances. Defaults to 1.001e-5.
        synchronized: bool. Statistics over all replicas. Defaults to False.
        groups: int. Parts into which the 3x3 convolution of a bottleneck
            divides its channels. Defaults to 1.
        group_width: int or None. Channels of a part in the first stage, which
            the others double; None gives a bottleneck as many channels as
            `num_filters` says. Defaults to None.
        squeeze: float. Hidden share of the channels in the squeeze and
            excitation at the end of each block; 0 leaves it out. Defaults
            to 0.
        stem_filters: int. Channels of the `"imagenet"` stem. Defaults to 64.
        downsample: `"first"` or `"middle"`. Which convolution of a bottleneck
            of version 1 moves more than a pixel: the first, 1x1, as in He et
            al. and in `keras.applications`, or the middle one, 3x3, as in
            torchvision and Hugging Face. Defaults to `"first"`.
        output_stride: int or None. Where maps stop getting smaller, in pixels,
            such as 16 or 8: further on the taps of kernels move apart instead,
            so that weights remain those of the plain network. Defaults to
            None: nowhere.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height', width', channels')`, or `(batch, channels')`
        if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> import numpy as np
    >>> model = ResNet.from_preset("resnet20", input_shape=(32, 32, 3))
    >>> model.predict(np.zeros((2, 32, 32, 3)), verbose=0).shape
    (2, 10)

    Reference:
        [He et al., 2016](https://arxiv.org/abs/1512.03385);
        [version 2](https://arxiv.org/abs/1603.05027);
        [groups](https://arxiv.org/abs/1611.05431);
        [squeeze and excitation](https://arxiv.org/abs/1709.01507)
    """

    presets = PRESETS

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        num_blocks=(3, 4, 6, 3),
        num_filters=(64, 128, 256, 512),
        bottleneck=True,
        preactivation=False,
        conv_bias=True,
        stem="imagenet",
        shortcut="projection",
        momentum=0.99,
        epsilon=1.001e-5,
        synchronized=False,
        groups=1,
        group_width=None,
        squeeze=0.0,
        stem_filters=64,
        downsample="first",
        output_stride=None,
        dtype=None,
        **kwargs,
    ):
        head = ImageHead(
            include_top,
            weights,
            input_shape,
            pooling,
            classes,
            classifier_activation,
            dtype,
        )
        if len(num_blocks) != len(num_filters):
            raise ValueError(
                "`num_blocks` and `num_filters` must have one entry a stage. "
                f"Received: {num_blocks=}, {num_filters=}"
            )
        if stem not in ("imagenet", "cifar"):
            raise ValueError(
                f"`stem` must be 'imagenet' or 'cifar'. Received: {stem=}"
            )
        if shortcut not in ("projection", "padding"):
            raise ValueError(
                "`shortcut` must be 'projection' or 'padding'. "
                f"Received: {shortcut=}"
            )
        if groups > 1 and not bottleneck:
            raise ValueError(
                "Only bottlenecks have `groups`. "
                f"Received: {groups=}, {bottleneck=}"
            )
        if downsample not in ("first", "middle"):
            raise ValueError(
                "`downsample` must be 'first' or 'middle'. "
                f"Received: {downsample=}"
            )
        check_output_stride(output_stride, 4 if stem == "imagenet" else 1)
        stages = ResidualStages(
            bottleneck=bottleneck,
            preactivation=preactivation,
            shortcut=shortcut,
            conv_bias=conv_bias,
            momentum=momentum,
            epsilon=epsilon,
            synchronized=synchronized,
            groups=groups,
            group_width=group_width,
            squeeze=squeeze,
            downsample=downsample,
            output_stride=output_stride,
            dtype=dtype,
        )
        images = head.images()
        x = images
        if stem == "imagenet":
            x = stages.imagenet_stem(x, stem_filters)
        else:
            x = stages.cifar_stem(x, num_filters[0])
        strides = self._strides(len(num_blocks), bottleneck, preactivation)
        for index, (blocks, filters) in enumerate(
            zip(num_blocks, num_filters, strict=True)
        ):
            x = stages.stage(
                x, filters, blocks, strides[index], f"conv{index + 2}"
            )
        if preactivation:
            x = stages.relu(stages.norm(x, "post_bn"), "post_relu")
            stages.maps[stages.stride] = x
        x = head.classify(head.pool(x))
        super().__init__(images, x, head, stages.maps, **kwargs)

        self.num_blocks = list(num_blocks)
        self.num_filters = list(num_filters)
        self.bottleneck = bottleneck
        self.preactivation = preactivation
        self.conv_bias = conv_bias
        self.stem = stem
        self.shortcut = shortcut
        self.momentum = momentum
        self.epsilon = epsilon
        self.synchronized = synchronized
        self.groups = groups
        self.group_width = group_width
        self.squeeze = squeeze
        self.stem_filters = stem_filters
        self.downsample = downsample
        self.output_stride = output_stride

    def get_config(self):
        return {
            **super().get_config(),
            "num_blocks": self.num_blocks,
            "num_filters": self.num_filters,
            "bottleneck": self.bottleneck,
            "preactivation": self.preactivation,
            "conv_bias": self.conv_bias,
            "stem": self.stem,
            "shortcut": self.shortcut,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "synchronized": self.synchronized,
            "groups": self.groups,
            "group_width": self.group_width,
            "squeeze": self.squeeze,
            "stem_filters": self.stem_filters,
            "downsample": self.downsample,
            "output_stride": self.output_stride,
        }

    @staticmethod
    def _strides(num_stages, bottleneck, preactivation):
        if bottleneck and preactivation:
            return [2] * (num_stages - 1) + [1]
        return [1] + [2] * (num_stages - 1)
