import keras
from keras import ops

from keras_nn.models.asked import output_of
from keras_nn.models.gan.games import game_of
from keras_nn.models.gan.saved_parts import deserialized
from keras_nn.models.gan.saved_parts import serialized
from keras_nn.models.gan.translation_data import check_pairs
from keras_nn.models.gan.translation_data import drawn_by
from keras_nn.training import MultiPlayerModel
from keras_nn.training import replicas

PARTS = ("generator", "discriminator", "adversarial_loss")


@keras.saving.register_keras_serializable(package="keras_nn")
class Pix2Pix(MultiPlayerModel):
    """Pictures to pictures, learnt from pairs: right, and to be taken as real.

    generator: `game(D([x, G(x)])) + reconstruction_weight * mean |y - G(x)|`
    discriminator: `discriminator_weight * game(D([x, y]), D([x, G(x)]))`

    `[x, y]` are pictures joined by channels; `game` is the mean over patches
    of the adversarial loss. `fit(inputs, targets)`; `compile` takes an
    optimiser for each player. Logs hold both losses, `l1`, and the mean
    scores `real_score` and `fake_score`.

    Args:
        generator: functional `keras.Model` from pictures to pictures, such as
            `UNetTranslator`.
        discriminator: functional `keras.Model` from input and output joined
            to scores, such as `PatchDiscriminator`.
        adversarial_loss: str or `keras_nn.losses.AdversarialLoss`; names as
            for `GAN`. Defaults to `"non_saturating"`.
        reconstruction_weight: float. Defaults to 100.
        discriminator_weight: float. Defaults to 0.5.
        picture_range: pair of numbers or None. What arrays of pictures may
            hold; None: anything. Defaults to `(-1, 1)`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`.

    Returns:
        What the generator draws of them.

    Raises:
        ValueError: On networks that do not fit together; in `fit`, without
            targets, or on pictures outside their range.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import PatchDiscriminator, UNetTranslator
    >>> generator = UNetTranslator((8, 8, 1), 3, filters=[4, 8], noise=False)
    >>> model = Pix2Pix(generator, PatchDiscriminator((8, 8, 4), [4, 8]))
    >>> model.compile(model.default_optimizer())
    >>> x, y = np.zeros((4, 8, 8, 1)), np.zeros((4, 8, 8, 3))
    >>> history = model.fit(x, y, verbose=0)
    >>> model.translate(x[:2]).shape
    (2, 8, 8, 3)

    Reference:
        [Isola et al., 2017](https://arxiv.org/abs/1611.07004), equation 4
    """

    schedule = ("discriminator", "generator")

    def __init__(
        self,
        generator,
        discriminator,
        adversarial_loss="non_saturating",
        reconstruction_weight=100.0,
        discriminator_weight=0.5,
        picture_range=(-1.0, 1.0),
        **kwargs,
    ):
        super().__init__(**kwargs)
        channels = [
            end[-1] for end in (generator.input_shape, generator.output_shape)
        ]
        if discriminator.input_shape[-1] != sum(channels):
            raise ValueError(
                "The discriminator must take input and output of the generator "
                f"joined, of {channels[0]} + {channels[1]} channels. "
                f"Received: {discriminator.input_shape[-1]}"
            )
        if reconstruction_weight < 0 or discriminator_weight <= 0:
            raise ValueError(
                "`reconstruction_weight` must not be negative, "
                "`discriminator_weight` positive. Received: "
                f"{reconstruction_weight=}, {discriminator_weight=}"
            )
        self.generator = generator
        self.discriminator = discriminator
        self.game = game_of(adversarial_loss)
        self.adversarial_loss = adversarial_loss
        self.reconstruction_weight = reconstruction_weight
        self.discriminator_weight = discriminator_weight
        self.picture_range = picture_range
        self.part_trackers = {
            name: keras.metrics.Mean(name=name)
            for name in ("l1", "real_score", "fake_score")
        }
        self.built = True

    def call(self, inputs, training=None):
        return self.generator(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.generator.compute_output_shape(input_shape)

    def player_weights(self, player):
        return getattr(self, player).trainable_weights

    def player_loss(self, player, x, y, sample_weight, training):
        check_pairs(y, sample_weight)
        x, y = (ops.cast(pictures, "float32") for pictures in (x, y))
        drawn = ops.cast(self.generator(x, training=training), "float32")
        if player == "discriminator":
            drawn = ops.stop_gradient(drawn)
        real, fake = (
            ops.cast(
                self.discriminator(
                    ops.concatenate([x, pictures], axis=-1), training=training
                ),
                "float32",
            )
            for pictures in (y, drawn)
        )
        if player == "discriminator":
            self._report("real_score", real)
            self._report("fake_score", fake)
            loss = ops.mean(self.game.discriminator(real, fake))
            return self.discriminator_weight * loss
        l1 = ops.mean(ops.abs(y - drawn))
        self._report("l1", l1)
        loss = ops.mean(self.game.generator(real, fake))
        return loss + self.reconstruction_weight * l1

    def _report(self, name, values):
        if replicas.current_step() is not None:
            self.track_loss(ops.mean(values), self.part_trackers[name])

    def fit(self, x=None, y=None, *args, **kwargs):
        check_pairs(y, None, x, self.picture_range)
        return super().fit(x, y, *args, **kwargs)

    def translate(self, pictures, seed=None, batch_size=32):
        """Draws what pictures become.

        Args:
            pictures: array `(n, height, width, channels)` in their range.
            seed: int or None. Of the noise, if the generator has any.
            batch_size: int. Defaults to 32.

        Returns:
            Float32 array `(n, height, width, channels)`.
        """
        return drawn_by(self.generator, pictures, seed, batch_size)

    @property
    def target_shape(self):
        """tuple `(height, width, channels)` of what is drawn."""
        return tuple(output_of(self.generator).shape[1:])

    def default_optimizer(self):
        """What an application compiles the model with."""
        return {p: keras.optimizers.Adam(2e-4, 0.5) for p in self.players}

    def get_config(self):
        return {
            **super().get_config(),
            **serialized(self, PARTS),
            "reconstruction_weight": self.reconstruction_weight,
            "discriminator_weight": self.discriminator_weight,
            "picture_range": self.picture_range,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**deserialized(config, PARTS))
