import keras

from keras_nn.layers.dense.mixer_block import MixerBlock
from keras_nn.layers.transformer.patch_embed import PatchEmbed
from keras_nn.layers.transformer.token_pooling import TokenPooling
from keras_nn.layers.transformer.tokens_to_map import TokensToMap
from keras_nn.models.image_backbone import ImageBackbone
from keras_nn.models.image_head import ImageHead

_SIZES = {
    "small": (512, 8, 256, 2048, (16, 32)),
    "base": (768, 12, 384, 3072, (16, 32)),
    "large": (1024, 24, 512, 4096, (16, 32)),
    "huge": (1280, 32, 640, 5120, (14,)),
}


@keras.saving.register_keras_serializable(package="keras_nn")
class MLPMixer(ImageBackbone):
    """Patches that only perceptrons mix, over places and over channels.

    `x = patches @ W + b`; `x <- block(x)` for every layer; `y = norm(x)`

    Presets: `mixer_small_patch16`, `_patch32`, `mixer_base_patch16`,
    `_patch32`, `mixer_large_patch16`, `_patch32`, `mixer_huge_patch14`.

    Args:
        include_top: bool. Whether to end in pooling and a classifier.
            Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        input_shape: tuple `(height, width, channels)`, in pixels, known in
            full. Defaults to `(224, 224, 3)`.
        pooling: None, `"avg"` or `"max"`: what to do with the tokens when
            there is no top. Defaults to None.
        classes: int. Number of classes. Defaults to 1000.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        patch_size: int. Side of a patch, in pixels. Defaults to 16.
        hidden_dim: int. Features of a token. Defaults to 768.
        num_layers: int. Number of blocks. Defaults to 12.
        token_dim: int. Hidden width of the mixing of tokens. Defaults to 384.
        channel_dim: int. Hidden width of the mixing of channels. Defaults to
            3072.
        epsilon: float, added to variances. Defaults to 1e-6.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, tokens of
        shape `(batch, tokens, hidden_dim)`, or `(batch, hidden_dim)` if
        pooled.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> model = MLPMixer(
    ...     input_shape=(32, 32, 3), patch_size=8, hidden_dim=16,
    ...     num_layers=2, token_dim=8, channel_dim=32, classes=10,
    ... )
    >>> model.output_shape
    (None, 10)

    Reference:
        [Tolstikhin et al., 2021](https://arxiv.org/abs/2105.01601)
    """

    presets = {
        f"mixer_{size}_patch{patch}": {
            "patch_size": patch,
            "hidden_dim": hidden_dim,
            "num_layers": num_layers,
            "token_dim": token_dim,
            "channel_dim": channel_dim,
        }
        for size, (
            hidden_dim,
            num_layers,
            token_dim,
            channel_dim,
            patches,
        ) in _SIZES.items()
        for patch in patches
    }

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
        token_dim=384,
        channel_dim=3072,
        epsilon=1e-6,
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
        images = head.images()
        x = PatchEmbed(
            hidden_dim, patch_size, dtype=dtype, name="patch_embeddings"
        )(images)
        for index in range(num_layers):
            x = MixerBlock(
                token_dim,
                channel_dim,
                epsilon=epsilon,
                dtype=dtype,
                name=f"layer_{index}",
            )(x)
        x = keras.layers.LayerNormalization(
            epsilon=epsilon, dtype=dtype, name="norm"
        )(x)
        height, width = (side // patch_size for side in head.input_shape[:2])
        patches = TokensToMap(height, width, dtype=dtype, name="map")(x)
        mode = "avg" if include_top else pooling
        if mode is not None:
            x = TokenPooling(mode, 0, dtype=dtype, name="pooling")(x)
        x = head.classify(x)
        super().__init__(images, x, head, {patch_size: patches}, **kwargs)

        self.patch_size = patch_size
        self.hidden_dim = hidden_dim
        self.num_layers = num_layers
        self.token_dim = token_dim
        self.channel_dim = channel_dim
        self.epsilon = epsilon

    def get_config(self):
        return {
            **super().get_config(),
            "patch_size": self.patch_size,
            "hidden_dim": self.hidden_dim,
            "num_layers": self.num_layers,
            "token_dim": self.token_dim,
            "channel_dim": self.channel_dim,
            "epsilon": self.epsilon,
        }
