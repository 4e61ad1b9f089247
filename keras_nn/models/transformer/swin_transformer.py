import keras
import numpy as np

from keras_nn.layers.transformer.patch_embed import PatchEmbed
from keras_nn.layers.transformer.patch_merging import PatchMerging
from keras_nn.layers.transformer.vision_transformer_block import (
    VisionTransformerBlock,
)
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

_SIZES = {
    "tiny": (96, [2, 2, 6, 2], [3, 6, 12, 24], 0.2),
    "small": (96, [2, 2, 18, 2], [3, 6, 12, 24], 0.3),
    "base": (128, [2, 2, 18, 2], [4, 8, 16, 32], 0.5),
    "large": (192, [2, 2, 18, 2], [6, 12, 24, 48], 0.5),
}


@keras.saving.register_keras_serializable(package="keras_nn")
class SwinTransformer(ImageBackbone):
    """A transformer in windows, which shift from block to block.

    `x <- block(x)` with windows at rest and moved by half a window in turn;
    between stages four neighbours become one.

    Presets: `swin_tiny_window7`, `swin_small_window7`, `swin_base_window7`,
    `swin_large_window7`.

    Args:
        include_top: bool. Whether to end in pooling and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels, known in
            full. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`: what to do with the last map when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        patch_size: int. Side of a patch, in pixels. Defaults to 4.
        hidden_dim: int. Features of a token in the first stage, which the
            others double. Defaults to 96.
        depths: list of ints. Blocks of each stage. Defaults to
            `(2, 2, 6, 2)`.
        num_heads: list of ints. Heads of each stage. Defaults to
            `(3, 6, 12, 24)`.
        window_size: int. Side of a window, in tokens. Defaults to 7.
        mlp_ratio: float. Width of the perceptrons in features. Defaults to 4.
        use_bias: bool. Of queries, keys and values. Defaults to True.
        dropout: float. Share of features dropped at the end of each branch,
            in training. Defaults to 0.
        drop_path: float. Share of examples for which the last block is
            dropped, in training; earlier blocks less. Defaults to 0.1.
        epsilon: float, added to variances. Defaults to 1e-5.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, height / 32, width / 32, 8 * hidden_dim)`, or
        `(batch, 8 * hidden_dim)` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = SwinTransformer(
    ...     input_shape=(32, 32, 3), hidden_dim=8, depths=[2, 2],
    ...     num_heads=[2, 4], window_size=4, classes=10,
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Liu et al., 2021](https://arxiv.org/abs/2103.14030)
    """

    presets = {
        f"swin_{size}_window7": {
            "hidden_dim": hidden_dim,
            "depths": depths,
            "num_heads": num_heads,
            "drop_path": drop_path,
        }
        for size, (hidden_dim, depths, num_heads, drop_path) in _SIZES.items()
    }

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        patch_size=4,
        hidden_dim=96,
        depths=(2, 2, 6, 2),
        num_heads=(3, 6, 12, 24),
        window_size=7,
        mlp_ratio=4.0,
        use_bias=True,
        dropout=0.0,
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
        if len(depths) != len(num_heads):
            raise ValueError(
                "`depths` and `num_heads` must have one entry a stage. "
                f"Received: {depths=}, {num_heads=}"
            )
        images = head.images()
        x = PatchEmbed(
            hidden_dim,
            patch_size,
            flatten=False,
            dtype=dtype,
            name="patch_embeddings",
        )(images)
        norm = {"epsilon": epsilon, "dtype": dtype}
        x = keras.layers.LayerNormalization(name="embeddings_norm", **norm)(x)
        rates = iter(np.linspace(0.0, drop_path, sum(depths)).tolist())
        maps = {}
        for stage, depth in enumerate(depths):
            width = hidden_dim * 2**stage
            for index in range(depth):
                x = VisionTransformerBlock(
                    num_heads[stage],
                    int(width * mlp_ratio),
                    window_size=window_size,
                    shift=window_size // 2 if index % 2 else 0,
                    use_bias=use_bias,
                    dropout=dropout,
                    drop_path=next(rates),
                    name=f"stage_{stage}_block_{index}",
                    **norm,
                )(x)
            maps[patch_size * 2**stage] = x
            if stage + 1 < len(depths):
                x = PatchMerging(name=f"stage_{stage}_downsample", **norm)(x)
        x = keras.layers.LayerNormalization(name="norm", **norm)(x)
        maps[max(maps)] = x
        x = head.classify(head.pool(x))
        super().__init__(images, x, head, maps, **kwargs)

        self.patch_size = patch_size
        self.hidden_dim = hidden_dim
        self.depths = list(depths)
        self.num_heads = list(num_heads)
        self.window_size = window_size
        self.mlp_ratio = mlp_ratio
        self.use_bias = use_bias
        self.dropout = dropout
        self.drop_path = drop_path
        self.epsilon = epsilon

    def get_config(self):
        return {
            **super().get_config(),
            "patch_size": self.patch_size,
            "hidden_dim": self.hidden_dim,
            "depths": self.depths,
            "num_heads": self.num_heads,
            "window_size": self.window_size,
            "mlp_ratio": self.mlp_ratio,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
            "drop_path": self.drop_path,
            "epsilon": self.epsilon,
        }
