import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import output_of
from keras_nn.models.diffusion.latent_codes import check_autoencoder
from keras_nn.models.diffusion.latent_codes import codes_of
from keras_nn.models.diffusion.latent_codes import pictures_of
from keras_nn.models.diffusion.noise_learner import NoiseLearner
from keras_nn.training.frozen import freeze
from keras_nn.training.uncompiled_config import uncompiled_config

_MEASURED = 2048  # pictures whose codes are looked at
_BATCH = 256


@keras.saving.register_keras_serializable(package="keras_nn")
class LatentDiffusion(NoiseLearner):
    """Learns to denoise the codes of an autoencoder, and draws with both.

    `codes = encode(pictures) / deviation`; the rest is `DiffusionModel` on
    codes, and `generate` decodes in the same compiled loop.

    The autoencoder is trained beforehand and stays as it is, in a saved and
    loaded model, too. `deviation` is measured on the first pictures that `fit`
    is given and kept from then on, so that the schedule finds codes of
    variance 1.

    Args:
        autoencoder: `VAE`, whose codes are means; `VQVAE`, whose codes are
            taken before the codebook and rounded to it when decoded; or
            `Autoencoder`.
        denoiser: functional `keras.Model` as for `DiffusionModel`, of the
            shape of codes: `DenoisingMLP` for vectors, `DenoisingUNet` or
            `DiT` for maps.
        schedule: `NoiseSchedule`.
        prediction: as for `DiffusionModel`.
        num_classes: likewise.
        label_dropout: likewise.
        min_snr: likewise.
        clip: float or None. Range of the codes, in deviations.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: the denoiser's dict; or pictures, whose codes are taken for
            noisy ones of the lowest level, of any class.

    Returns:
        What the denoiser says, of the shape of codes.

    Raises:
        ValueError: If codes and denoiser differ in shape, or the autoencoder
            asks for classes; in `fit`, if nothing can be measured, or on
            arrays outside the range that the autoencoder states.

    Example:

    >>> from keras_nn.models import (Autoencoder, DenoisingMLP, DenseDecoder,
    ...                              DenseEncoder)
    >>> from keras_nn.schedules import CosineNoise
    >>> encoder = DenseEncoder((4, 4, 1), output_units=2, units=[8])
    >>> decoder = DenseDecoder(2, (4, 4, 1), units=[8])
    >>> model = LatentDiffusion(
    ...     Autoencoder(encoder, decoder),
    ...     DenoisingMLP((2,), units=8, depth=1, embedding_units=4),
    ...     CosineNoise(),
    ... )
    >>> model.compile("adam")
    >>> history = model.fit(np.random.rand(8, 4, 4, 1), verbose=0)
    >>> model.generate(3, steps=2, seed=0).shape
    (3, 4, 4, 1)

    Reference:
        [Rombach et al., 2022](https://arxiv.org/abs/2112.10752)
    """

    def __init__(
        self,
        autoencoder,
        denoiser,
        schedule,
        prediction="v",
        num_classes=None,
        label_dropout=0.1,
        min_snr=None,
        clip=None,
        **kwargs,
    ):
        super().__init__(
            denoiser,
            schedule,
            prediction,
            num_classes,
            label_dropout,
            min_snr,
            clip,
            **kwargs,
        )
        check_autoencoder(autoencoder)
        freeze(autoencoder)
        self.autoencoder = autoencoder
        shape = tuple(output_of(autoencoder.encoder).shape[1:])
        if hasattr(autoencoder, "code_units"):
            shape = (autoencoder.code_units,)
        if shape != self.code_shape:
            raise ValueError(
                "`denoiser` must take what the autoencoder encodes. Received: "
                f"codes of shape {shape}, a denoiser of {self.code_shape}"
            )
        self.deviation = self.add_weight(
            shape=(),
            name="deviation",
            initializer="zeros",  # not measured
            dtype="float32",
            trainable=False,
            aggregation="only_first_replica",  # of averages, all the same
        )

    @property
    def picture_range(self):
        """Pair of numbers, the values that the autoencoder learnt."""
        return getattr(self.autoencoder, "picture_range", (0.0, 1.0))

    @property
    def stated_range(self):
        return getattr(self.autoencoder, "picture_range", None)

    def encoded(self, pictures):
        codes = codes_of(self.autoencoder, pictures)
        return ops.stop_gradient(codes) / ops.maximum(self.deviation, 1e-6)

    def decoded(self, codes):
        return pictures_of(self.autoencoder, codes * self.deviation)

    def call(self, inputs, training=None):
        if not isinstance(inputs, dict):
            inputs = self.encoded(ops.cast(inputs, "float32"))
        return super().call(inputs, training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["noisy"]
        return (input_shape[0], *self.code_shape)

    def adapt(self, pictures, y=None):
        """Measures the deviation of codes, unless that was done before.

        Args:
            pictures: array `(n, ...)`.
            y: anything.

        Raises:
            ValueError: If all codes are equal.
        """
        if float(self.deviation.numpy()) > 0:
            return
        pictures = np.asarray(pictures[:_MEASURED], "float32")
        codes = [
            ops.convert_to_numpy(
                codes_of(self.autoencoder, pictures[start : start + _BATCH])
            )
            for start in range(0, len(pictures), _BATCH)
        ]
        deviation = float(np.std(np.concatenate(codes)))
        if not deviation > 0:
            raise ValueError(
                "The autoencoder must tell pictures apart. Received: codes of "
                f"{len(pictures)} pictures with deviation {deviation}"
            )
        self.deviation.assign(deviation)

    def fit(self, x=None, y=None, *args, **kwargs):
        if float(self.deviation.numpy()) == 0:
            self.check_data(x, y)
            self.adapt(_first_pictures(x))
        return super().fit(x, y, *args, **kwargs)

    def get_config(self):
        autoencoder = uncompiled_config(self.autoencoder)
        return {**super().get_config(), "autoencoder": autoencoder}

    @classmethod
    def from_config(cls, config):
        autoencoder = keras.saving.deserialize_keras_object(
            config["autoencoder"]
        )
        return super().from_config({**config, "autoencoder": autoencoder})


def _first_pictures(x):
    """Some pictures out of what `fit` is given."""
    if hasattr(x, "shape") and len(x):
        return x
    if hasattr(x, "take") and hasattr(x, "unbatch"):  # a tf.data.Dataset
        found = [np.asarray(keras.tree.flatten(b)[0]) for b in x.take(8)]
        if found:
            return np.concatenate(found)
    raise ValueError(
        "The deviation of codes is measured on arrays and `tf.data` data sets; "
        f"call `adapt(pictures)` before `fit`. Received: {type(x).__name__}"
    )
