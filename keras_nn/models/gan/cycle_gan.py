import keras
from keras import ops

from keras_nn.models.asked import output_of
from keras_nn.models.gan.games import game_of
from keras_nn.models.gan.picture_history import PictureHistory
from keras_nn.models.gan.saved_parts import deserialized
from keras_nn.models.gan.saved_parts import serialized
from keras_nn.models.gan.translation_data import check_pairs
from keras_nn.models.gan.translation_data import drawn_by
from keras_nn.training import MultiPlayerModel
from keras_nn.training import replicas

PARTS = ("generator", "back_generator", "discriminator")
PARTS += ("back_discriminator", "adversarial_loss")


@keras.saving.register_keras_serializable(package="keras_nn")
class CycleGAN(MultiPlayerModel):
    """Pictures of one kind to another and back, learnt without pairs.

    With `G` from inputs to targets and `F` back, `D` and `E` the judges of
    targets and inputs, the generators make small

    `w (game(D(G(x))) + game(E(F(y)))) + c (|F(G(x)) - x| + |G(F(y)) - y|)
    + c i (|G(y) - y| + |F(x) - x|)`

    means over pictures, places and channels, and the judges `game(D(y), G(x))
    + game(E(x), F(y))`, where of pictures drawn they see older ones, too.
    `fit(inputs, targets)` of as many pictures on each side, which need not
    belong together; a step takes all generators together, then all judges.
    Logs hold both losses, `cycle_l1` and `identity_l1`, the means of both
    ways.

    Args:
        generator: functional `keras.Model` from pictures to pictures, such as
            `ResNetTranslator`.
        back_generator: the same, back.
        discriminator: functional `keras.Model` from targets to scores, such
            as `PatchDiscriminator`.
        back_discriminator: the same, of inputs.
        adversarial_loss: str or `keras_nn.losses.AdversarialLoss`; names as
            for `GAN`. Defaults to `"least_squares"`.
        adversarial_weight: float, `w`. Defaults to 2: the published loss of a
            generator lacks the factor 1/2.
        cycle_weight: float, `c`. Defaults to 10.
        identity_weight: float, `i`, a share of `c`; 0 where inputs and targets
            have different channels. Defaults to 0.5.
        history_size: int. How many drawn pictures are kept for each judge.
            Defaults to 50.
        picture_range: pair of numbers or None. What arrays of pictures may
            hold; None: anything. Defaults to `(-1, 1)`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`.

    Returns:
        What `generator` draws of them.

    Raises:
        ValueError: On networks that do not fit together; in `fit`, without
            targets, or on pictures outside their range.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import PatchDiscriminator, ResNetTranslator
    >>> model = CycleGAN(
    ...     ResNetTranslator((8, 8, 1), 1, filters=2, num_blocks=1),
    ...     ResNetTranslator((8, 8, 1), 1, filters=2, num_blocks=1),
    ...     PatchDiscriminator((8, 8, 1), [4, 8], "instance"),
    ...     PatchDiscriminator((8, 8, 1), [4, 8], "instance"),
    ... )
    >>> model.compile(model.default_optimizer())
    >>> x = np.zeros((4, 8, 8, 1))
    >>> history = model.fit(x, x, verbose=0)
    >>> model.translate(x[:2], back=True).shape
    (2, 8, 8, 1)

    Reference:
        [Zhu et al., 2017](https://arxiv.org/abs/1703.10593), sections 3 to 5.2
    """

    schedule = ("generators", "discriminators")

    def __init__(
        self,
        generator,
        back_generator,
        discriminator,
        back_discriminator,
        adversarial_loss="least_squares",
        adversarial_weight=2.0,
        cycle_weight=10.0,
        identity_weight=0.5,
        history_size=50,
        picture_range=(-1.0, 1.0),
        **kwargs,
    ):
        super().__init__(**kwargs)
        weights = (
            adversarial_weight,
            cycle_weight,
            identity_weight,
            history_size,
        )
        if min(weights) < 0:
            raise ValueError(
                "Weights and `history_size` must not be negative. Received: "
                f"{adversarial_weight=}, {cycle_weight=}, {identity_weight=}, "
                f"{history_size=}"
            )
        _check_networks(generator, back_generator, identity_weight)
        _check_judge("discriminator", discriminator, generator)
        _check_judge("back_discriminator", back_discriminator, back_generator)
        self.generator = generator
        self.back_generator = back_generator
        self.discriminator = discriminator
        self.back_discriminator = back_discriminator
        self.game = game_of(adversarial_loss)
        self.adversarial_loss = adversarial_loss
        self.adversarial_weight = adversarial_weight
        self.cycle_weight = cycle_weight
        self.identity_weight = identity_weight
        self.history_size = history_size
        self.picture_range = picture_range
        self.drawn_history, self.back_history = (
            PictureHistory(
                output_of(network).shape[1:], history_size, name=name
            )
            for network, name in (
                (generator, "drawn_history"),
                (back_generator, "back_history"),
            )
        )
        names = ["cycle_l1"] + ["identity_l1"] * bool(identity_weight)
        self.part_trackers = {n: keras.metrics.Mean(name=n) for n in names}
        self.built = True

    def call(self, inputs, training=None):
        return self.generator(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.generator.compute_output_shape(input_shape)

    def player_weights(self, player):
        kind = player.removesuffix("s")
        networks = (getattr(self, kind), getattr(self, f"back_{kind}"))
        return [w for network in networks for w in network.trainable_weights]

    def player_loss(self, player, x, y, sample_weight, training):
        check_pairs(y, sample_weight)
        x, y = (ops.cast(pictures, "float32") for pictures in (x, y))

        def of(network, pictures):
            return ops.cast(network(pictures, training=training), "float32")

        there, back = of(self.generator, x), of(self.back_generator, y)
        judges = (self.discriminator, self.back_discriminator)
        if player == "discriminators":
            there = self.drawn_history(there, training=training)
            back = self.back_history(back, training=training)
            return sum(
                ops.mean(
                    self.game.discriminator(of(judge, real), of(judge, fake))
                )
                for judge, real, fake in zip(
                    judges, (y, x), (there, back), strict=True
                )
            )
        adversarial = sum(
            ops.mean(self.game.generator(of(judge, real), of(judge, fake)))
            for judge, real, fake in zip(
                judges, (y, x), (there, back), strict=True
            )
        )
        cycle = _apart(of(self.back_generator, there), x)
        cycle = cycle + _apart(of(self.generator, back), y)
        self._report("cycle_l1", cycle)
        loss = self.adversarial_weight * adversarial + self.cycle_weight * cycle
        if not self.identity_weight:
            return loss
        same = _apart(of(self.generator, y), y)
        same = same + _apart(of(self.back_generator, x), x)
        self._report("identity_l1", same)
        return loss + self.cycle_weight * self.identity_weight * same

    def _report(self, name, of_both_ways):
        if replicas.current_step() is not None:
            self.track_loss(of_both_ways / 2, self.part_trackers[name])

    def fit(self, x=None, y=None, *args, **kwargs):
        check_pairs(y, None, x, self.picture_range)
        return super().fit(x, y, *args, **kwargs)

    def translate(self, pictures, seed=None, batch_size=32, back=False):
        """Draws what pictures become.

        Args:
            pictures: array `(n, height, width, channels)` in their range.
            seed: int or None. Of the noise, if a generator has any.
            batch_size: int. Defaults to 32.
            back: bool. From targets to inputs. Defaults to False.

        Returns:
            Float32 array `(n, height, width, channels)`.
        """
        network = self.back_generator if back else self.generator
        return drawn_by(network, pictures, seed, batch_size)

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
            "adversarial_weight": self.adversarial_weight,
            "cycle_weight": self.cycle_weight,
            "identity_weight": self.identity_weight,
            "history_size": self.history_size,
            "picture_range": self.picture_range,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**deserialized(config, PARTS))


def _apart(a, b):
    return ops.mean(ops.abs(a - b))


def _check_networks(there, back, identity_weight):
    ends = [
        (there.output_shape, back.input_shape),
        (back.output_shape, there.input_shape),
    ]
    if any(a[-1] != b[-1] for a, b in ends):
        raise ValueError(
            "Each generator must take what the other draws. Received: "
            f"{there.input_shape} to {there.output_shape}, "
            f"{back.input_shape} to {back.output_shape}"
        )
    if identity_weight and there.input_shape[-1] != there.output_shape[-1]:
        raise ValueError(
            "`identity_weight` must be 0 where inputs and targets have "
            f"different channels. Received: {identity_weight=}, "
            f"{there.input_shape[-1]} and {there.output_shape[-1]} channels"
        )


def _check_judge(name, judge, generator):
    if judge.input_shape[-1] != generator.output_shape[-1]:
        raise ValueError(
            f"`{name}` must take what its generator draws, of "
            f"{generator.output_shape[-1]} channels. "
            f"Received: {judge.input_shape[-1]}"
        )
