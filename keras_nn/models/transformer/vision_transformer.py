import keras

from keras_nn.layers.transformer.patch_dropout import PatchDropout
from keras_nn.layers.transformer.patch_embed import PatchEmbed
from keras_nn.layers.transformer.token_pooling import TokenPooling
from keras_nn.layers.transformer.tokens_to_map import TokensToMap
from keras_nn.layers.transformer.vision_tokens import VisionTokens
from keras_nn.layers.transformer.vision_transformer_block import (
    VisionTransformerBlock,
)
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead


def _presets():
    sizes = {
        "tiny": (192, 12, 3),
        "small": (384, 12, 6),
        "base": (768, 12, 12),
        "large": (1024, 24, 16),
        "huge": (1280, 32, 16),
    }
    patches = {
        "tiny": (16,),
        "small": (16, 32),
        "base": (8, 16, 32),
        "large": (14, 16, 32),
        "huge": (14,),
    }
    return {
        f"vit_{size}_patch{patch}": {
            "patch_size": patch,
            "hidden_dim": hidden_dim,
            "num_layers": num_layers,
            "num_heads": num_heads,
        }
        for size, (hidden_dim, num_layers, num_heads) in sizes.items()
        for patch in patches[size]
    }


@keras.saving.register_keras_serializable(package="keras_nn")
class VisionTransformer(ImageBackbone):
    """A transformer over the patches of a picture.

    `z = [class, patches @ W + b] + p`; `z <- block(z)` for every layer;
    `y = norm(z)`

    Presets: `vit_tiny_patch16`, `vit_small_patch16`, `_patch32`,
    `vit_base_patch8`, `_patch16`, `_patch32`, `vit_large_patch14`,
    `_patch16`, `_patch32`, `vit_huge_patch14`.

    Args:
        include_top: bool. Whether to end in a classifier. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels, known in
            full. Defaults to `(224, 224, 3)`.
        pooling: None, `"cls"`, `"avg"` or `"max"`: the class token, or the
            mean or the maximum of the patches. None leaves all tokens
            without the top, and is `"cls"`, or else `"avg"`, for the top.
            Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        patch_size: int. Side of a patch, in pixels. Defaults to 16.
        hidden_dim: int. Features of a token. Defaults to 768.
        num_layers: int. Number of blocks. Defaults to 12.
        num_heads: int. It divides `hidden_dim`. Defaults to 12.
        mlp_ratio: float. Width of the perceptrons in `hidden_dim`. Defaults
            to 4.
        class_token: bool. Whether there is a class token. Defaults to True.
        num_registers: int. Tokens in which the network may keep what belongs
            to no place. Defaults to 0.
        use_bias: bool. Of queries, keys and values. Defaults to True.
        dropout: float. Share of features dropped after the embedding and at
            the end of each branch, in training. Defaults to 0.
        drop_path: float. Share of examples for which the last block is
            dropped, in training; earlier blocks less. Defaults to 0.
        patch_dropout: float. Share of patches left out in training, where
            `pooling` gives one vector. Defaults to 0.
        layer_scale: float or None. Start of the factor of each branch; None
            leaves it out. Defaults to None.
        epsilon: float, added to variances. Defaults to 1e-12.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, tokens of
        shape `(batch, tokens, hidden_dim)`, class and registers first, or
        `(batch, hidden_dim)` if pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = VisionTransformer(
    ...     input_shape=(32, 32, 3), patch_size=8, hidden_dim=16,
    ...     num_layers=2, num_heads=2, classes=10,
    ... )
    >>> model.output_shape, model.features_only().output_shape
    ((None, 10), (None, 4, 4, 16))

    Reference:
        [Dosovitskiy et al., 2021](https://arxiv.org/abs/2010.11929);
        [registers](https://arxiv.org/abs/2309.16588)
    """

    presets = _presets()

    def __init__(
        self,
        include_top=True,
        weights=None,
        input_shape=None,
        pooling=None,
        classes=1000,
        classifier_activation="softmax",
        patch_size=16,
        hidden_dim=768,
        num_layers=12,
        num_heads=12,
        mlp_ratio=4.0,
        class_token=True,
        num_registers=0,
        use_bias=True,
        dropout=0.0,
        drop_path=0.0,
        patch_dropout=0.0,
        layer_scale=None,
        epsilon=1e-12,
        dtype=None,
        **kwargs,
    ):
        head = ImageHead(
            include_top,
            weights,
            input_shape,
            None if pooling == "cls" else pooling,
            classes,
            classifier_activation,
            dtype,
        )
        if pooling == "cls" and not class_token:
            raise ValueError(
                "`pooling='cls'` needs a class token. "
                f"Received: {pooling=}, {class_token=}"
            )
        prefix = bool(class_token) + num_registers
        head.pooling = pooling
        if include_top and pooling is None:
            pooling = "cls" if class_token else "avg"
        if patch_dropout and pooling is None:
            raise ValueError(
                "`patch_dropout` needs `pooling`: the number of tokens would "
                f"change. Received: {patch_dropout=}, {pooling=}"
            )
        images = head.images()
        x = PatchEmbed(
            hidden_dim, patch_size, dtype=dtype, name="patch_embeddings"
        )(images)
        x = VisionTokens(
            class_token, num_registers, dtype=dtype, name="embeddings"
        )(x)
        if dropout:
            x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(x)
        if patch_dropout:
            x = PatchDropout(
                patch_dropout, prefix, dtype=dtype, name="patch_dropout"
            )(x)
        for index in range(num_layers):
            x = VisionTransformerBlock(
                num_heads,
                int(hidden_dim * mlp_ratio),
                use_bias=use_bias,
                dropout=dropout,
                drop_path=drop_path * index / max(1, num_layers - 1),
                layer_scale=layer_scale,
                epsilon=epsilon,
                dtype=dtype,
                name=f"layer_{index}",
            )(x)
        x = keras.layers.LayerNormalization(
            epsilon=epsilon, dtype=dtype, name="norm"
        )(x)
        height, width = (side // patch_size for side in head.input_shape[:2])
        patches = TokensToMap(height, width, prefix, dtype=dtype, name="map")(x)
        if pooling is not None:
            x = TokenPooling(pooling, prefix, dtype=dtype, name="pooling")(x)
        x = head.classify(x)
        super().__init__(images, x, head, {patch_size: patches}, **kwargs)

        self.patch_size = patch_size
        self.hidden_dim = hidden_dim
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.mlp_ratio = mlp_ratio
        self.class_token = class_token
        self.num_registers = num_registers
        self.use_bias = use_bias
        self.dropout = dropout
        self.drop_path = drop_path
        self.patch_dropout = patch_dropout
        self.layer_scale = layer_scale
        self.epsilon = epsilon

    def get_config(self):
        return {
            **super().get_config(),
            "patch_size": self.patch_size,
            "hidden_dim": self.hidden_dim,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "mlp_ratio": self.mlp_ratio,
            "class_token": self.class_token,
            "num_registers": self.num_registers,
            "use_bias": self.use_bias,
            "dropout": self.dropout,
            "drop_path": self.drop_path,
            "patch_dropout": self.patch_dropout,
            "layer_scale": self.layer_scale,
            "epsilon": self.epsilon,
        }
