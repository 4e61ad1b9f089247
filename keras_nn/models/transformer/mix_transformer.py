import keras
import numpy as np

from keras_nn.layers.transformer.mix_transformer_block import (
    MixTransformerBlock,
)
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

_DEPTHS = {
    "b0": [2, 2, 2, 2],
    "b1": [2, 2, 2, 2],
    "b2": [3, 4, 6, 3],
    "b3": [3, 4, 18, 3],
    "b4": [3, 8, 27, 3],
    "b5": [3, 6, 40, 3],
}


@keras.saving.register_keras_serializable(package="keras_nn")
class MixTransformer(ImageBackbone):
    """SegFormer's encoder (MiT): a pyramid of transformers without positions.

    `x <- norm(block(... block(norm(conv(x)))))` in each stage; the
    convolution's patches overlap.

    Presets: `mit_b0` to `mit_b5`. `SegFormer` is the decoder made for it.

    Args:
        include_top: bool. Whether to end in pooling and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels; height and
            width may be None. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`: what to do with the last map when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        depths: list of ints. Blocks of each stage. Defaults to
            `(2, 2, 2, 2)`.
        widths: list of ints. Channels of each stage. Defaults to
            `(32, 64, 160, 256)`.
        num_heads: list of ints. Heads of each stage. Defaults to
            `(1, 2, 5, 8)`.
        reductions: list of ints. See `SpatialReductionAttention`; of each
            stage. Defaults to `(8, 4, 2, 1)`.
        patch_sizes: list of ints. Sides of the convolutions that begin the
            stages, odd. Defaults to `(7, 3, 3, 3)`.
        patch_strides: list of ints. Their strides. Defaults to
            `(4, 2, 2, 2)`.
        mlp_ratio: float. Width of the perceptrons in channels. Defaults to 4.
        drop_path: float. Share of examples for which the last block is
            dropped, in training; earlier blocks less. Defaults to 0.1.
        epsilon: float, added to variances. Defaults to 1e-5.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height / 32, width / 32, widths[-1])`, or
        `(batch, widths[-1])` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = MixTransformer(
    ...     input_shape=(32, 32, 3), depths=[1, 1], widths=[8, 16],
    ...     num_heads=[1, 2], reductions=[2, 1], patch_sizes=[7, 3],
    ...     patch_strides=[4, 2], classes=10,
    ... )
    >>> model.output_shape, model.strides
    ((None, 10), [4, 8])

    Reference:
        [Xie et al., 2021](https://arxiv.org/abs/2105.15203)
    """

    presets = {
        f"mit_{size}": {
            "depths": depths,
            "widths": [32, 64, 160, 256]
            if size == "b0"
            else [64, 128, 320, 512],
        }
        for size, depths in _DEPTHS.items()
    }

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        depths=(2, 2, 2, 2),
        widths=(32, 64, 160, 256),
        num_heads=(1, 2, 5, 8),
        reductions=(8, 4, 2, 1),
        patch_sizes=(7, 3, 3, 3),
        patch_strides=(4, 2, 2, 2),
        mlp_ratio=4.0,
        drop_path=0.1,
        epsilon=1e-5,
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
        stages = {
            "depths": list(depths),
            "widths": list(widths),
            "num_heads": list(num_heads),
            "reductions": list(reductions),
            "patch_sizes": list(patch_sizes),
            "patch_strides": list(patch_strides),
        }
        if len({len(values) for values in stages.values()}) > 1:
            raise ValueError(
                f"{', '.join(stages)} must have one entry a stage. "
                f"Received: {stages}"
            )
        if any(size % 2 == 0 for size in patch_sizes):
            raise ValueError(
                "`patch_sizes` must be odd: patches have a middle. "
                f"Received: {patch_sizes=}"
            )
        rates = iter(np.linspace(0.0, drop_path, sum(depths)).tolist())
        norm = {"epsilon": epsilon, "dtype": dtype}
        images = head.images()
        x, maps, stride = images, {}, 1
        for stage, width in enumerate(widths):
            x = _patches(
                x, width, patch_sizes[stage], patch_strides[stage], stage, norm
            )
            for index in range(depths[stage]):
                x = MixTransformerBlock(
                    num_heads[stage],
                    int(width * mlp_ratio),
                    reductions[stage],
                    drop_path=next(rates),
                    name=f"stage_{stage}_block_{index}",
                    **norm,
                )(x)
            x = keras.layers.LayerNormalization(name=f"norm_{stage}", **norm)(x)
            stride *= patch_strides[stage]
            maps[stride] = x
        x = head.classify(head.pool(x))
        super().__init__(images, x, head, maps, **kwargs)

        for name, values in stages.items():
            setattr(self, name, values)
        self.mlp_ratio = mlp_ratio
        self.drop_path = drop_path
        self.epsilon = epsilon

    def get_config(self):
        return {
            **super().get_config(),
            "depths": self.depths,
            "widths": self.widths,
            "num_heads": self.num_heads,
            "reductions": self.reductions,
            "patch_sizes": self.patch_sizes,
            "patch_strides": self.patch_strides,
            "mlp_ratio": self.mlp_ratio,
            "drop_path": self.drop_path,
            "epsilon": self.epsilon,
        }


def _patches(x, width, size, stride, stage, norm):
    """Patches that overlap, as many on every side as torch pads."""
    dtype = norm["dtype"]
    x = keras.layers.ZeroPadding2D(
        size // 2,
        data_format="channels_last",
        dtype=dtype,
        name=f"embed_{stage}_pad",
    )(x)
    x = keras.layers.Conv2D(
        width,
        size,
        strides=stride,
        data_format="channels_last",
        dtype=dtype,
        name=f"embed_{stage}_conv",
    )(x)
    return keras.layers.LayerNormalization(name=f"embed_{stage}_norm", **norm)(
        x
    )
