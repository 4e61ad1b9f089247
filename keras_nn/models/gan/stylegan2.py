import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import said_once
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.gan.gan import GAN
from keras_nn.models.gan.lazily import updates_of
from keras_nn.models.gan.path_length import path_lengths
from keras_nn.models.gan.zero_centred_penalty import ZeroCentredPenalty
from keras_nn.training import replicas

_MIXED_AWAY = 0.01  # share of a new path length in their average


@keras.saving.register_keras_serializable(package="keras_nn")
class StyleGAN2(GAN):
    """A GAN of styles: mixed in training, and held to even steps.

    In training a share of the batches takes the styles of one noise for the
    first layers and those of another for the others. In every `path_every`
    updates the generator's loss has `path_every * path_weight * mean (l -
    a)^2`, where `l` are the `path_lengths` of a batch and `a` their average so
    far; the discriminator's has R1, likewise now and then. Styles have an
    average, toward which `generate` can draw them. Logs hold `path_length`,
    that average.

    `compile(model.default_optimizer())` is as published: Adam of rate 0.002,
    `beta_1` 0 and `beta_2` 0.99, corrected for the lazy regularisers, and an
    average of the generator's weights.

    Args:
        generator: `StyleGAN2Generator`, or a model with such a `mapping` and
            `synthesis`.
        discriminator: as for `GAN`, such as `StyleGAN2Discriminator`.
        penalties: as for `GAN`; `"auto"`: R1 of weight 10, in every 16th
            update. Defaults to `"auto"`.
        mixing: float. Share of batches with mixed styles. Defaults to 0.9.
        path_weight: float. 0 for none. Defaults to 2.
        path_every: int. Defaults to 4.
        style_decay: float. What the average style keeps of itself in a step.
            Defaults to 0.995.
        **kwargs: further arguments of `GAN`, such as `num_classes`,
            `augmentation`, `adversarial_loss`.

    Call arguments:
        inputs: as for `GAN`.

    Returns:
        What the discriminator says.

    Raises:
        ValueError: As `GAN`; if the generator has no styles, or a number lies
            outside of its range.

    Example:

    >>> from keras_nn.models import StyleGAN2Discriminator
    >>> from keras_nn.models import StyleGAN2Generator
    >>> model = StyleGAN2(
    ...     StyleGAN2Generator(4, (8, 8, 1), [4, 4], 4, mapping_layers=1),
    ...     StyleGAN2Discriminator((8, 8, 1), [4, 4]),
    ... )
    >>> model.generate(3, truncation=0.7, seed=0).shape
    (3, 8, 8, 1)

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958);
        [Karras et al., 2019](https://arxiv.org/abs/1812.04948) (mixing,
        truncation)
    """

    generation_options = ("truncation",)

    def __init__(
        self,
        generator,
        discriminator,
        penalties="auto",
        mixing=0.9,
        path_weight=2.0,
        path_every=4,
        style_decay=0.995,
        **kwargs,
    ):
        if not hasattr(generator, "synthesis"):
            raise ValueError(
                "`generator` must have a `mapping` and a `synthesis`, as "
                f"`StyleGAN2Generator`. Received: {generator}"
            )
        shares = {"mixing": mixing, "style_decay": style_decay}
        if path_weight < 0 or path_every < 1:
            raise ValueError(
                "`path_weight` must not be negative, `path_every` positive. "
                f"Received: {path_weight=}, {path_every=}"
            )
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise ValueError(
                    f"`{name}` must be from 0 to 1. Received: {name}={share}"
                )
        if isinstance(penalties, str):
            penalties = [ZeroCentredPenalty(10.0, every=16)]
        super().__init__(
            generator, discriminator, penalties=penalties, **kwargs
        )
        self.mixing = mixing
        self.path_weight = path_weight
        self.path_every = path_every
        self.style_decay = style_decay
        units = generator.mapping.output_shape[-1]
        same = {"trainable": False, "aggregation": "only_first_replica"}
        self.style_average = self.add_weight(
            shape=(units,), initializer="zeros", name="style_average", **same
        )
        self.path_average = self.add_weight(
            shape=(), initializer="zeros", name="path_average", **same
        )
        self.path_tracker = keras.metrics.Mean(name="path_length")

    def draw(self, drawn, training):
        styles = self.generator.mapping(drawn, training=training)
        count = self.generator.num_styles
        layered = ops.repeat(styles[:, None], count, axis=1)
        if not training:
            return self.generator.synthesis(layered, training=training)
        mean = replicas.batch_mean(
            ops.stop_gradient(ops.cast(styles, "float32"))
        )
        old = ops.convert_to_tensor(self.style_average)
        self.style_average.assign(mean + self.style_decay * (old - mean))
        if self.mixing:
            noise = drawn["noise"] if self.num_classes else drawn
            other = self._drawn(
                self.noise(noise, training),
                drawn["labels"] if self.num_classes else None,
            )
            other = self.generator.mapping(other, training=training)
            layered = self._mixed(layered, other, count)
        return self.generator.synthesis(layered, training=training)

    def _mixed(self, layered, other, count):
        """Styles of one noise up to a layer drawn at random, then another's."""
        drawn = keras.random.uniform((2,), seed=self.seed_generator)
        # From layer 1 on: one style comes first.
        first = 1 + ops.floor(drawn[0] * (count - 1))
        first = ops.where(drawn[1] < self.mixing, first, float(count))
        is_other = ops.arange(count, dtype="float32") >= first
        return ops.where(is_other[None, :, None], other[:, None], layered)

    def player_loss(self, player, x, y, sample_weight, training):
        loss = super().player_loss(player, x, y, sample_weight, training)
        if player != "generator" or not self.path_weight:
            return loss
        if training:
            return loss + self._path_loss(x, y)
        self._report(ops.convert_to_tensor(self.path_average))
        return loss

    def _report(self, path_length):
        if replicas.current_step() is not None:
            self.track_loss(path_length, self.path_tracker)

    def _path_loss(self, x, y):
        labels = None
        if self.num_classes:
            labels = ops.cast(ops.reshape(y, (-1,)), "int32")
        drawn = self._drawn(self.noise(x, True), labels)
        noise = keras.random.normal(
            (ops.shape(x)[0], *self.picture_shape), seed=self.seed_generator
        )

        def lengths():
            styles = self.generator.mapping(drawn, training=False)
            styles = ops.repeat(
                styles[:, None], self.generator.num_styles, axis=1
            )
            return path_lengths(
                lambda s: self.generator.synthesis(s, training=False),
                styles,
                noise,
            )

        updates = updates_of(self, "generator")
        due = ops.equal(0 if updates is None else updates % self.path_every, 0)
        found = ops.cond(
            due, lengths, lambda: ops.zeros((ops.shape(x)[0],), "float32")
        )
        mean = ops.stop_gradient(replicas.batch_mean(found))
        old = ops.convert_to_tensor(self.path_average)
        new = ops.where(due, old + _MIXED_AWAY * (mean - old), old)
        self.path_average.assign(new)
        self._report(new)
        apart = ops.mean(ops.square(found - new))
        strength = self.path_every * self.path_weight
        return ops.where(due, strength * apart, 0.0)

    def generate(self, count, labels=None, truncation=1.0, seed=None):
        """Draws pictures.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any, each as often.
            truncation: float. How far styles lie from their average; below 1
                pictures are more usual and more alike. Defaults to 1.
            seed: int or None. The same seed gives the same pictures.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        rng = np.random.default_rng(seed_or_fresh(seed))
        if labels is None and self.num_classes:
            labels = rng.integers(0, self.num_classes, count).astype("int32")
        noise = rng.normal(size=(count, self.generator.noise_units))
        noise = noise.astype("float32")
        styles = said_once(self.generator.mapping, self._drawn(noise, labels))
        average = np.asarray(self.style_average, "float32")
        styles = average + truncation * (styles - average)
        layered = np.repeat(styles[:, None], self.generator.num_styles, axis=1)
        drawn = said_once(self.generator.synthesis, layered)
        return np.asarray(drawn, "float32")

    def default_optimizer(self):
        every = {
            "generator": self.path_every if self.path_weight else 1,
            "discriminator": max(
                [getattr(p, "every", 1) for p in self.penalties], default=1
            ),
        }
        found = {}
        for player, lazy in every.items():
            share = lazy / (lazy + 1) if lazy > 1 else 1.0
            found[player] = keras.optimizers.Adam(
                2e-3 * share,
                0.0,
                0.99**share,
                1e-8,
                use_ema=player == "generator",
                ema_momentum=0.998,
            )
        return found

    def get_config(self):
        return {
            **super().get_config(),
            "mixing": self.mixing,
            "path_weight": self.path_weight,
            "path_every": self.path_every,
            "style_decay": self.style_decay,
        }
