import keras
from keras import ops

from keras_nn.layers import MaskedPatchDecoder
from keras_nn.ops import from_patches
from keras_nn.ops import to_patches
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class MaskedAutoencoder(ObjectiveModel):
    """A vision transformer that learns to say the patches it was not shown.

    `loss = mean over hidden patches of |decoder(encoder(shown)) - t|^2 / n`,
    `t` the values of a patch, less their mean and divided by their deviation.

    A random part of the patches, drawn anew for each picture, goes through
    the encoder, which is then of use to others: `ImageClassifier(encoder,
    10)` shares its weights, if it was made with `pooling="avg"` or `"cls"`.

    `fit(pictures)`; no loss is compiled. `evaluate` hides the same patches
    each time.

    Args:
        encoder: `VisionTransformer` without the top and without
            `patch_dropout`.
        mask_ratio: float in (0, 1). Share of patches hidden. Defaults to
            0.75.
        decoder_dim: int. Features of a token in the decoder; a multiple of 4.
            Defaults to 512.
        decoder_layers: int. Defaults to 8.
        decoder_heads: int. It divides `decoder_dim`. Defaults to 16.
        normalize_patches: bool. Whether `t` is normalised. Defaults to True.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`.

    Returns:
        The pictures, hidden patches replaced by what is said of them, which
        are the same for the same number of pictures.

    Raises:
        ValueError: On an encoder with a top or with patch dropout, or a ratio
            that hides all patches or none.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import VisionTransformer
    >>> encoder = VisionTransformer(
    ...     False, input_shape=(8, 8, 1), patch_size=2, hidden_dim=8,
    ...     num_layers=1, num_heads=2, pooling="avg",
    ... )
    >>> model = MaskedAutoencoder(
    ...     encoder, decoder_dim=8, decoder_layers=1, decoder_heads=2
    ... )
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((4, 8, 8, 1)), verbose=0)
    >>> tuple(model(np.ones((1, 8, 8, 1))).shape)
    (1, 8, 8, 1)

    Reference:
        [He et al., 2022](https://arxiv.org/abs/2111.06377)
    """

    def __init__(
        self,
        encoder,
        mask_ratio=0.75,
        decoder_dim=512,
        decoder_layers=8,
        decoder_heads=16,
        normalize_patches=True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if encoder.include_top or encoder.patch_dropout:
            raise ValueError(
                "The encoder must have no top and no patch dropout. Received: "
                f"include_top={encoder.include_top}, "
                f"patch_dropout={encoder.patch_dropout}"
            )
        self.encoder = encoder
        self.mask_ratio = mask_ratio
        self.decoder_dim = decoder_dim
        self.decoder_layers = decoder_layers
        self.decoder_heads = decoder_heads
        self.normalize_patches = normalize_patches
        self.picture_shape = tuple(encoder.input_shape[1:])
        height, width, channels = self.picture_shape
        side = encoder.patch_size
        grid = height // side, width // side
        self.patches = grid[0] * grid[1]
        self.shown = round(self.patches * (1 - mask_ratio))
        if not 0 < self.shown < self.patches:
            raise ValueError(
                f"`mask_ratio` must hide some of {self.patches} patches and "
                f"leave others. Received: {mask_ratio=}"
            )
        self.prefix = bool(encoder.class_token) + encoder.num_registers
        self.decoder = MaskedPatchDecoder(
            side**2 * channels,
            grid,
            decoder_dim,
            decoder_layers,
            decoder_heads,
            num_prefix_tokens=self.prefix,
            dtype=self.dtype_policy,
            name="decoder",
        )
        tokens = (None, self.prefix + self.shown, encoder.hidden_dim)
        self.decoder.build([tokens, (None, self.patches)])
        self.seed_generator = keras.random.SeedGenerator()
        self.built = True

    def order(self, pictures, training=False):
        """The patches of each picture, those that are shown first, in order."""
        seed = self.seed_generator if training else 0
        shape = (ops.shape(pictures)[0], self.patches)
        return ops.argsort(keras.random.uniform(shape, seed=seed), axis=-1)

    def encode(self, pictures, order, training=False):
        """Tokens `(batch, prefix + shown, features)` of the shown patches."""
        layer = self.encoder.get_layer
        x = layer("embeddings")(layer("patch_embeddings")(pictures))
        prefix, x = x[:, : self.prefix], x[:, self.prefix :]
        x = ops.take_along_axis(x, order[:, : self.shown, None], axis=1)
        x = ops.concatenate([prefix, x], axis=1)
        if self.encoder.dropout:
            x = layer("dropout")(x, training=training)
        for index in range(self.encoder.num_layers):
            x = layer(f"layer_{index}")(x, training=training)
        return layer("norm")(x)

    def predicted(self, pictures, order, training=False):
        """What is said of every patch, and which of them are hidden.

        Returns:
            Floats `(batch, patches, values)` and bools `(batch, patches)`.
        """
        places = ops.argsort(order, axis=-1)
        tokens = self.encode(pictures, order, training)
        said = self.decoder([tokens, places], training=training)
        return ops.cast(said, "float32"), places >= self.shown

    def statistics(self, patches):
        """Mean and deviation of the values of each patch, or 0 and 1."""
        if not self.normalize_patches:
            return 0.0, 1.0
        count = patches.shape[-1]
        mean = ops.mean(patches, axis=-1, keepdims=True)
        variance = ops.var(patches, axis=-1, keepdims=True)
        variance = variance * (count / max(1, count - 1))
        return mean, ops.sqrt(variance + 1e-6)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        said, hidden = self.predicted(x, self.order(x, training), training)
        patches = to_patches(x, self.encoder.patch_size)
        mean, deviation = self.statistics(patches)
        target = (patches - mean) / deviation
        error = ops.mean(ops.square(said - target), axis=-1)
        error = ops.sum(error * ops.cast(hidden, "float32"), axis=-1)
        return {"loss": error / (self.patches - self.shown)}

    def call(self, inputs, training=None):
        side = self.encoder.patch_size
        order = self.order(inputs, training)
        said, hidden = self.predicted(inputs, order, training)
        patches = to_patches(ops.cast(inputs, "float32"), side)
        mean, deviation = self.statistics(patches)
        patches = ops.where(hidden[..., None], said * deviation + mean, patches)
        pictures = from_patches(patches, self.picture_shape, side)
        return ops.cast(pictures, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.AdamW(1e-3, weight_decay=0.05, beta_2=0.95)

    def get_config(self):
        return {
            **super().get_config(),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "mask_ratio": self.mask_ratio,
            "decoder_dim": self.decoder_dim,
            "decoder_layers": self.decoder_layers,
            "decoder_heads": self.decoder_heads,
            "normalize_patches": self.normalize_patches,
        }

    @classmethod
    def from_config(cls, config):
        encoder = keras.saving.deserialize_keras_object(config["encoder"])
        return cls(**{**config, "encoder": encoder})
