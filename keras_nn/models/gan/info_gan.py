import math

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import said_once
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.gan.gan import GAN
from keras_nn.models.gan.gan_networks import check_networks
from keras_nn.training import replicas

_LOG_DEVIATION = 2.0  # at most, up and down


@keras.saving.register_keras_serializable(package="keras_nn")
class InfoGAN(GAN):
    """A GAN whose noise holds codes that can be read off what it draws.

    Of the noise the last units are codes: a one-hot vector for each entry of
    `categories`, and `continuous` numbers from -1 to 1. The discriminator
    says, beside the score, what it takes them for: logits of each category,
    mean and log deviation of each number. Both players make

    `-information_weight * L - continuous_weight * L'`,
    `L = E log Q(c | G(z, c)) + H(c)`

    small, `L` of categorical codes and `L'` of continuous ones: lower bounds
    of the information that pictures hold about codes, in nats. What the codes
    mean is for the model to find, without labels. Logs hold `information`,
    `L + L'`.

    Args:
        generator: functional `keras.Model` from noise to pictures; of its
            noise so many units are codes.
        discriminator: functional `keras.Model` from pictures to `(batch, 1 +
            sum(categories) + 2 * continuous)`, such as a `DCGANDiscriminator`
            with the `condition` `"auxiliary"` and that many `num_classes`.
        categories: list of ints. Values of each categorical code. Defaults to
            `(10,)`.
        continuous: int. How many continuous codes. Defaults to 2.
        information_weight: float. Defaults to 1.
        continuous_weight: float. With 1, numbers that can be read to any
            precision outweigh what pictures look like. Defaults to 0.1.
        **kwargs: further arguments of `GAN`; no classes.

    Call arguments:
        inputs: pictures.

    Returns:
        What the discriminator says of them.

    Raises:
        ValueError: As `GAN`; if there is no code, a category of one value, or
            no noise left beside the codes.

    Example:

    >>> from keras_nn.models import DCGANDiscriminator, DCGANGenerator
    >>> model = InfoGAN(
    ...     DCGANGenerator(8, (8, 8, 1), filters=[8, 4]),
    ...     DCGANDiscriminator(
    ...         (8, 8, 1), [4, 8], num_classes=5, condition="auxiliary"
    ...     ),
    ...     categories=[3],
    ...     continuous=1,
    ... )
    >>> model.generate(2, codes=[[2]], seed=0).shape
    (2, 8, 8, 1)
    >>> [part.shape for part in model.read_codes(np.zeros((2, 8, 8, 1)))]
    [(2, 3), (2, 1)]

    Reference:
        [Chen et al., 2016](https://arxiv.org/abs/1606.03657), equation 6
    """

    generation_options = ("temperature", "shared")

    def __init__(
        self,
        generator,
        discriminator,
        categories=(10,),
        continuous=2,
        information_weight=1.0,
        continuous_weight=0.1,
        **kwargs,
    ):
        categories = list(categories)
        if (
            continuous < 0
            or any(c < 2 for c in categories)
            or not (categories or continuous)
        ):
            raise ValueError(
                "There must be a code: a category of two values at least, or a "
                f"continuous one. Received: {categories=}, {continuous=}"
            )
        if kwargs.get("num_classes") or kwargs.get("auxiliary"):
            raise ValueError(
                "An InfoGAN finds its codes without labels. "
                f"Received: num_classes={kwargs.get('num_classes')}, "
                f"auxiliary={kwargs.get('auxiliary')}"
            )
        self.categories = categories
        self.continuous = continuous
        self.information_weight = information_weight
        self.continuous_weight = continuous_weight
        super().__init__(generator, discriminator, **kwargs)
        self.information = keras.metrics.Mean(name="information")

    @property
    def label_count(self):
        """int. Values of the first categorical code; None without one."""
        return self.categories[0] if self.categories else None

    @property
    def code_units(self):
        """int. Units of the noise that are codes."""
        return sum(self.categories) + self.continuous

    def _check_networks(self):
        further = self.code_units + self.continuous
        check_networks(self.generator, self.discriminator, None, further, False)
        units = self.generator.input_shape[-1]
        if units <= self.code_units:
            raise ValueError(
                f"The generator must take more than the {self.code_units} "
                f"units of codes. Received: {units}"
            )

    def noise(self, pictures, training):
        seed = self.seed_generator if training else 0
        count = ops.shape(pictures)[0]
        free = self.generator.input_shape[-1] - self.code_units
        parts = [keras.random.normal((count, free), seed=seed)]
        for size in self.categories:
            drawn = keras.random.randint((count,), 0, size, seed=seed)
            parts.append(ops.one_hot(drawn, size, dtype="float32"))
        if self.continuous:
            shape = (count, self.continuous)
            parts.append(keras.random.uniform(shape, -1.0, 1.0, seed=seed))
        return ops.concatenate(parts, axis=-1)

    def _told(self, player, named, labels, drawn):
        codes = drawn[:, drawn.shape[-1] - self.code_units :]
        named_part, number_part = (
            ops.mean(part) for part in self.bounds(codes, named[1])
        )
        if player == "generator" and replicas.current_step() is not None:
            self.track_loss(named_part + number_part, self.information)
        return -(
            self.information_weight * named_part
            + self.continuous_weight * number_part
        )

    def bounds(self, codes, said):
        """The bounds of the information in nats, of each picture.

        Args:
            codes: float tensor `(batch, code_units)`.
            said: float tensor `(batch, code_units + continuous)`.

        Returns:
            `(categorical, continuous)`, tensors `(batch,)`.
        """
        total, at = ops.zeros((ops.shape(codes)[0],)), 0
        for size in self.categories:
            logits, code = said[:, at : at + size], codes[:, at : at + size]
            nats = ops.sum(code * ops.log_softmax(logits, axis=-1), axis=-1)
            total = total + nats + math.log(size)
            at += size
        if not self.continuous:
            return total, ops.zeros_like(total)
        mean, log_deviation = ops.split(said[:, at:], 2, axis=-1)
        log_deviation = ops.clip(log_deviation, -_LOG_DEVIATION, _LOG_DEVIATION)
        apart = (codes[:, at:] - mean) * ops.exp(-log_deviation)
        nats = -0.5 * ops.square(apart) - log_deviation
        nats = nats - 0.5 * math.log(2 * math.pi) + math.log(2.0)
        return total, ops.sum(nats, axis=-1)

    def read_codes(self, pictures, batch_size=256):
        """What the discriminator takes the codes of pictures for.

        Args:
            pictures: array `(n, height, width, channels)`.
            batch_size: int. Defaults to 256.

        Returns:
            A list of arrays: probabilities `(n, values)` for each category,
            then, if there are any, means `(n, continuous)`.
        """
        said = self.predict(pictures, batch_size=batch_size, verbose=0)
        said, found, at = said[:, 1:].astype("float32"), [], 0
        for size in self.categories:
            logits = said[:, at : at + size]
            odds = np.exp(logits - logits.max(-1, keepdims=True))
            found.append(odds / odds.sum(-1, keepdims=True))
            at += size
        if self.continuous:
            found.append(said[:, at : at + self.continuous])
        return found

    def generate(
        self,
        count,
        labels=None,
        temperature=1.0,
        seed=None,
        codes=None,
        shared=1,
    ):
        """Draws pictures.

        Args:
            count: int. How many.
            labels: None, or the first categorical code: int, or `(count,)`.
            temperature: float. Scale of the noise beside the codes.
            seed: int or None. The same seed gives the same pictures.
            codes: array `(count or 1, codes)` or None: the value of each
                categorical code, then numbers from -1 to 1. Left-out ones on
                the right, or all, are drawn.
            shared: int. So many pictures in succession have the same noise and
                drawn codes, to see what given ones change. Defaults to 1.

        Returns:
            Float32 array `(count, ...)`.
        """
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        if shared < 1:
            raise ValueError(f"`shared` must be positive. Received: {shared=}")
        if labels is not None:
            if codes is not None or not self.categories:
                raise ValueError(
                    "`labels` are the first of `categories`; give either "
                    f"`labels` or `codes`. Received: {labels=}, {codes=}"
                )
            codes = np.reshape(labels, (-1, 1))
        rng = np.random.default_rng(seed_or_fresh(seed))
        free = self.generator.input_shape[-1] - self.code_units
        few = -(-count // shared)
        drawn = [rng.normal(scale=temperature, size=(few, free))]
        drawn += [rng.integers(0, size, few) for size in self.categories]
        drawn += list(rng.uniform(-1, 1, (self.continuous, few)))
        noise, *drawn = (np.repeat(d, shared, axis=0)[:count] for d in drawn)
        parts = [noise]
        given = np.zeros((1, 0)) if codes is None else np.asarray(codes)
        if given.ndim != 2 or given.shape[1] > len(drawn):
            raise ValueError(
                f"`codes` must have the shape (count, up to {len(drawn)}). "
                f"Received: {given.shape}"
            )
        for index, column in enumerate(given.T):
            drawn[index] = np.broadcast_to(column, (count,))
        for index, size in enumerate(self.categories):
            value = drawn[index].astype(int)
            if value.min() < 0 or value.max() >= size:
                raise ValueError(
                    f"Code {index} must be from 0 to {size - 1}. "
                    f"Received: {value.min()} to {value.max()}"
                )
            parts.append(np.eye(size)[value])
        numbers = drawn[len(self.categories) :]
        parts += [np.reshape(number, (-1, 1)) for number in numbers]
        noise = np.concatenate(parts, axis=1).astype("float32")
        return np.asarray(said_once(self.generator, noise), "float32")

    def get_config(self):
        config = super().get_config()
        for name in ("num_classes", "auxiliary"):
            config.pop(name)
        return {
            **config,
            "categories": self.categories,
            "continuous": self.continuous,
            "information_weight": self.information_weight,
            "continuous_weight": self.continuous_weight,
        }
