import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import input_of
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import output_of
from keras_nn.models.asked import said_once
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.asked import with_labels
from keras_nn.models.gan.games import game_of
from keras_nn.models.gan.gan_networks import check_networks
from keras_nn.models.gan.lazily import updates_of
from keras_nn.models.gan.penalties import penalty_names
from keras_nn.models.gan.penalties import sum_of_penalties
from keras_nn.models.gan.saved_parts import deserialized
from keras_nn.models.gan.saved_parts import serialized
from keras_nn.training import MultiPlayerModel
from keras_nn.training import replicas

PARTS = ("generator", "discriminator", "adversarial_loss", "penalties")
PARTS += ("augmentation",)


@keras.saving.register_keras_serializable(package="keras_nn")
class GAN(MultiPlayerModel):
    """A generator that draws, a discriminator that tells drawn from real.

    Each batch is played by the discriminator, `critic_steps` times with new
    noise, then by the generator. `fit(pictures)`, or `fit(pictures, labels)`
    with classes. `compile` takes an optimiser for each; two learning rates
    make it TTUR, `use_ema=True` in the generator's gives it the average of
    its weights when `fit` ends.

    Logs hold `discriminator_loss`, `generator_loss`, and the mean scores
    `real_score` and `fake_score`: apart and growing, the discriminator wins.
    Each penalty has its log, as it counts in the discriminator's loss:
    `gradient_penalty`, `r1_penalty`, `r2_penalty`.

    Args:
        generator: functional `keras.Model` from noise `(batch, units)` to
            pictures, such as `DCGANGenerator`; with classes, of a dict of
            `noise` and `labels`.
        discriminator: functional `keras.Model` from pictures to scores
            `(batch, 1)`, such as `DCGANDiscriminator`; with classes, of a
            dict of `pictures` and `labels`.
        adversarial_loss: str or `keras_nn.losses.AdversarialLoss`:
            `"minimax"`, `"non_saturating"`, `"least_squares"`,
            `"wasserstein"`, `"hinge"`, `"relativistic"`. Defaults to
            `"non_saturating"`.
        penalties: list of `GradientPenalty` and `ZeroCentredPenalty`, added
            to the discriminator's loss. Defaults to none.
        critic_steps: int. Turns of the discriminator for one of the
            generator. Defaults to 1.
        num_classes: int or None. Number of classes that pictures are asked
            by.
        auxiliary: float. If positive, the discriminator also names the class
            (AC-GAN) and says `(batch, 1 + num_classes)`, the score and then
            logits, of pictures alone; the weight of their cross-entropy.
            Defaults to 0.
        picture_range: pair of numbers or None. What arrays of pictures may
            hold, the range of the generator; None: anything. Defaults to
            `(-1, 1)`.
        augmentation: `AdaptiveAugmentation` or None. What pictures, real and
            generated, go through before the discriminator, in training.
            Defaults to None.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures, or with classes the discriminator's dict; pictures
            alone are then of any class.

    Returns:
        What the discriminator says of them.

    Raises:
        ValueError: On networks that do not fit together; in `fit`, on arrays
            of pictures outside their range.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DCGANDiscriminator, DCGANGenerator
    >>> generator = DCGANGenerator(4, (8, 8, 1), filters=[8, 4])
    >>> model = GAN(generator, DCGANDiscriminator((8, 8, 1), filters=[4, 8]))
    >>> model.compile({"generator": "adam", "discriminator": "adam"})
    >>> history = model.fit(np.zeros((8, 8, 8, 1)), verbose=0)
    >>> model.generate(3, seed=0).shape
    (3, 8, 8, 1)

    Reference:
        [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661);
        [Heusel et al., 2017](https://arxiv.org/abs/1706.08500) (TTUR);
        [Odena et al., 2017](https://arxiv.org/abs/1610.09585) (AC-GAN)
    """

    generation_options = ("temperature",)

    def __init__(
        self,
        generator,
        discriminator,
        adversarial_loss="non_saturating",
        penalties=(),
        critic_steps=1,
        num_classes=None,
        auxiliary=0.0,
        picture_range=(-1.0, 1.0),
        augmentation=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if critic_steps < 1 or auxiliary < 0:
            raise ValueError(
                "`critic_steps` must be positive, `auxiliary` not negative. "
                f"Received: {critic_steps=}, {auxiliary=}"
            )
        if auxiliary and not num_classes:
            raise ValueError(
                "`auxiliary` is for a model with classes. "
                f"Received: {auxiliary=}, {num_classes=}"
            )
        self.generator = generator
        self.discriminator = discriminator
        self.game = game_of(adversarial_loss)
        self.adversarial_loss = adversarial_loss
        self.penalties = list(penalties)
        self.critic_steps = critic_steps
        self.num_classes = num_classes
        self.auxiliary = auxiliary
        self.picture_range = picture_range
        self.augmentation = augmentation
        self.schedule = ("discriminator",) * critic_steps + ("generator",)
        self._check_networks()
        self.picture_shape = tuple(output_of(generator).shape[1:])
        self.seed_generator = keras.random.SeedGenerator()
        self.real_score = keras.metrics.Mean(name="real_score")
        self.fake_score = keras.metrics.Mean(name="fake_score")
        self.penalty_trackers = [
            keras.metrics.Mean(name=name)
            for name in penalty_names(self.penalties)
        ]
        self.built = True

    def _check_networks(self):
        check_networks(
            self.generator,
            self.discriminator,
            self.num_classes,
            self.num_classes if self.auxiliary else 0,
            bool(self.auxiliary),
        )

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["pictures"], inputs["labels"]
        asked = self._asked(inputs, labels)
        return self.discriminator(asked, training=training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["pictures"]
        return (input_shape[0], output_of(self.discriminator).shape[-1])

    def player_weights(self, player):
        return getattr(self, player).trainable_weights

    def noise(self, pictures, training):
        """Noise `(batch, units)` for as many pictures."""
        takes = input_of(self.generator)
        units = (takes["noise"] if self.num_classes else takes).shape[-1]
        seed = self.seed_generator if training else 0
        shape = (ops.shape(pictures)[0], units)
        return keras.random.normal(shape, dtype="float32", seed=seed)

    def player_loss(self, player, x, y, sample_weight, training):
        if sample_weight is not None:
            raise ValueError(
                "A GAN learns from examples as they come, not from weighted "
                "ones. Received: sample_weight"
            )
        real = ops.cast(x, "float32")
        labels = None
        if self.num_classes:
            labels = learnt_labels(y, self.num_classes)
        drawn = self._drawn(self.noise(real, training), labels)
        fake = ops.cast(self.draw(drawn, training), "float32")
        if player == "discriminator":
            fake = ops.stop_gradient(fake)
        of_real, named_real = self._judged(real, labels, training)
        of_fake, named_fake = self._judged(fake, labels, training)
        told = self._told(player, (named_real, named_fake), labels, drawn)
        if player == "generator":
            return ops.mean(self.game.generator(of_real, of_fake)) + told
        if replicas.current_step() is not None:
            self.track_loss(ops.mean(of_real), self.real_score)
            self.track_loss(ops.mean(of_fake), self.fake_score)
        loss = ops.mean(self.game.discriminator(of_real, of_fake)) + told
        seed = self.seed_generator if training else 1
        moves = None
        if self.augmentation is not None and training:
            self.augmentation.adapt(of_real)
            # Drawn here: a lazy penalty is worked out inside of a condition.
            moves = self.augmentation.draw(real)

        def score(pictures):
            return self._judged(pictures, labels, training, moves)[0]

        updates = updates_of(self, player) if training else None
        return loss + sum_of_penalties(self, score, real, fake, seed, updates)

    def draw(self, drawn, training):
        """Pictures of what `noise` gave, with labels beside it, if any."""
        return self.generator(drawn, training=training)

    def _told(self, player, named, labels, drawn):
        """Loss of what the discriminator says beside the scores."""
        return self._naming(named[player == "generator"], labels)

    def _drawn(self, noise, labels):
        if not self.num_classes:
            return noise
        return {"noise": noise, "labels": labels}

    def _asked(self, pictures, labels):
        if self.auxiliary:
            return pictures
        return with_labels("pictures", pictures, labels, self.num_classes)

    def _judged(self, pictures, labels, training, moves=None):
        """Scores `(batch, 1)` and logits of the classes, float32."""
        if self.augmentation is not None and training:
            moves = self.augmentation.draw(pictures) if moves is None else moves
            pictures = self.augmentation.move(pictures, moves)
        asked = self._asked(pictures, labels)
        said = self.discriminator(asked, training=training)
        said = ops.cast(said, "float32")
        return said[:, :1], said[:, 1:]

    def _naming(self, logits, labels):
        if not self.auxiliary:
            return 0.0
        nats = ops.sparse_categorical_crossentropy(
            labels, logits, from_logits=True
        )
        return self.auxiliary * ops.mean(nats)

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        if self.picture_range is not None:
            check_range(x, *self.picture_range)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, temperature=1.0, seed=None):
        """Draws pictures.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any, each as often.
            temperature: float. Scale of the noise; below 1 pictures are more
                usual and more alike. Defaults to 1.
            seed: int or None. The same seed gives the same pictures.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        rng = np.random.default_rng(seed_or_fresh(seed))
        if labels is None and self.num_classes:
            labels = rng.integers(0, self.num_classes, count).astype("int32")
        takes = input_of(self.generator)
        units = (takes["noise"] if self.num_classes else takes).shape[-1]
        noise = temperature * rng.normal(size=(count, units))
        drawn = self._drawn(noise.astype("float32"), labels)
        return np.asarray(said_once(self.generator, drawn), "float32")

    def default_optimizer(self):
        """What an application compiles the model with."""
        return {p: keras.optimizers.Adam(2e-4, 0.5) for p in self.players}

    def get_config(self):
        return {
            **super().get_config(),
            **serialized(self, PARTS),
            "critic_steps": self.critic_steps,
            "num_classes": self.num_classes,
            "auxiliary": self.auxiliary,
            "picture_range": self.picture_range,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**deserialized(config, PARTS))
