import keras
from keras import ops

from keras_nn.models.asked import input_of
from keras_nn.models.diffusion.latent_codes import codes_of
from keras_nn.models.diffusion.latent_codes import thaw
from keras_nn.training import ObjectiveModel
from keras_nn.training import replicas
from keras_nn.training.uncompiled_config import uncompiled_config

_MOMENTUM = 0.99  # of the deviation of codes


@keras.saving.register_keras_serializable(package="keras_nn")
class LatentGenerator(ObjectiveModel):
    """An autoencoder and a diffusion model of its codes, taught by one `fit`.

    `loss = autoencoder's + E[w_t * mean((network(noisy_t, t, label) -
    target_t)**2)]` of its codes

    The codes are given to the diffusion model without a gradient, in
    deviations of a running average; it follows codes that move less and less.
    For the two stages of the paper, train the autoencoder on its own and fit
    `LatentDiffusion`.

    `fit(pictures)`, or `fit(pictures, labels)` with classes. No loss is
    compiled. Logs hold what the autoencoder's do, and `denoising`, the second
    term.

    Args:
        diffusion: `LatentDiffusion`, whose autoencoder learns here, too.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures, or a dict of `pictures` and `labels`.

    Returns:
        Reconstructions.

    Raises:
        ValueError: On a `VAE` with `warmup_steps`; in `fit`, on arrays outside
            the range that the autoencoder states.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import (DenoisingMLP, DenseDecoder, DenseEncoder,
    ...                              LatentDiffusion, VAE)
    >>> from keras_nn.schedules import CosineNoise
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> vae = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> network = DenoisingMLP((2,), units=8, depth=1, embedding_units=4)
    >>> model = LatentGenerator(LatentDiffusion(vae, network, CosineNoise()))
    >>> model.compile("adam")
    >>> history = model.fit(np.random.rand(8, 4, 4, 1), verbose=0)
    >>> model.generate(3, steps=2, seed=0).shape
    (3, 4, 4, 1)

    Reference:
        [Rombach et al., 2022](https://arxiv.org/abs/2112.10752)
    """

    def __init__(self, diffusion, **kwargs):
        super().__init__(**kwargs)
        autoencoder = diffusion.autoencoder
        if getattr(autoencoder, "warmup_steps", 0):
            raise ValueError(
                "`warmup_steps` counts the steps of an optimiser that the "
                "autoencoder does not have here. Received: an autoencoder with "
                f"warmup_steps={autoencoder.warmup_steps}"
            )
        thaw(autoencoder)  # which `LatentDiffusion` has frozen
        self.diffusion = diffusion
        self.parts = (*autoencoder.parts, "denoising")
        self.part_trackers = [keras.metrics.Mean(name=n) for n in self.parts]
        self.picture_shape = tuple(input_of(autoencoder.encoder).shape[1:])
        self.built = True

    @property
    def num_classes(self):
        """int or None. Number of classes that pictures are asked by."""
        return self.diffusion.num_classes

    @property
    def picture_range(self):
        """Pair of numbers, the values that the autoencoder learns."""
        return self.diffusion.picture_range

    @property
    def generation_options(self):
        """Tuple of the further arguments of `generate`."""
        return self.diffusion.generation_options

    def call(self, inputs, training=None):
        if isinstance(inputs, dict):
            inputs = inputs["pictures"]
        return self.diffusion.autoencoder(inputs, training=training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["pictures"]
        return input_shape

    def objective(self, x, y, training):
        x, diffusion = ops.cast(x, "float32"), self.diffusion
        found = diffusion.autoencoder.objective(x, None, training)
        if training:
            self._follow(codes_of(diffusion.autoencoder, x))
        inputs, target, weight = diffusion.noised(x, y, training)
        said = diffusion.denoiser(inputs, training=training)
        error = ops.square(ops.cast(said, "float32") - target)
        error = ops.mean(error, axis=list(range(1, len(error.shape))))
        denoising = weight * error
        loss = found["loss"] + denoising
        return {**found, "loss": loss, "denoising": denoising}

    def _follow(self, codes):
        """Moves the deviation of codes to that of a batch."""
        codes = ops.stop_gradient(codes)
        inner = list(range(1, len(codes.shape)))
        mean = replicas.batch_mean(ops.mean(codes, axis=inner))
        square = replicas.batch_mean(ops.mean(ops.square(codes), axis=inner))
        found = ops.sqrt(ops.maximum(square - ops.square(mean), 1e-12))
        known = self.diffusion.deviation
        kept = ops.where(known > 0, _MOMENTUM, 0.0)
        known.assign(kept * known + (1 - kept) * found)

    def fit(self, x=None, y=None, *args, **kwargs):
        self.diffusion.check_data(x, y)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, seed=None, **how):
        """Draws codes and decodes them.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            seed: int or None. The same seed gives the same pictures.
            **how: further arguments of `LatentDiffusion.generate`.

        Returns:
            Float32 array `(count, ...)`.
        """
        return self.diffusion.generate(count, labels, seed=seed, **how)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return self.diffusion.default_optimizer()

    def get_config(self):
        diffusion = uncompiled_config(self.diffusion)
        return {**super().get_config(), "diffusion": diffusion}

    @classmethod
    def from_config(cls, config):
        diffusion = keras.saving.deserialize_keras_object(config["diffusion"])
        return cls(**{**config, "diffusion": diffusion})
