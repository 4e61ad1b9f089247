import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import said_once
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.asked import with_labels
from keras_nn.models.autoencoder.ladder_networks import check_ladder
from keras_nn.models.autoencoder.ladder_networks import mean_and_log_variance
from keras_nn.models.autoencoder.ladder_networks import weighed
from keras_nn.models.autoencoder.latent_model import LatentModel
from keras_nn.ops import gaussian_kl
from keras_nn.ops import gaussian_log_density


@keras.saving.register_keras_serializable(package="keras_nn")
class LadderVAE(LatentModel):
    """A VAE of several heights of codes, each drawn given the one above.

    `loss = E_q[-log p(x | z_1)] + sum_i beta_i KL(q(z_i | x, z_(i+1)) ||
    p(z_i | z_(i+1)))`, the highest code's prior the standard normal.

    The encoder goes up once, without chance, and says a Gaussian of mean `m`
    and variance `v` at every height. Going down, the posterior is what it and
    the prior `p, w` of the height agree on, weighed by their precisions:

    `q = N((m / v + p / w) u, u)`, `u = 1 / (1 / v + 1 / w)`.

    `fit(pictures)`, or `fit(pictures, labels)` with classes; pictures from 0
    to 1. No loss is compiled. Logs hold `reconstruction` and `kl`, nats an
    example, and `kl_1`, `kl_2` ...: those of each height, the lowest first; a
    height near 0 is not used.

    Args:
        encoder: functional `keras.Model` from pictures to a list of means and
            what softplus makes variances, the lowest height first, such as
            `DenseLadderEncoder`; with classes, of a dict of `pictures` and
            `labels`.
        decoders: list of functional `keras.Model`s, such as `DenseDecoder`:
            the first from the lowest codes to what the likelihood takes,
            each other from its codes to mean and variance, as above, of the
            codes below; with classes, of dicts of `codes` and `labels`.
        likelihood: as in `VAE`. Defaults to `"bernoulli"`.
        samples: int. Codes drawn of each picture in training. Defaults to 1.
        beta: float. Weight of the divergences. Defaults to 1.
        warmup_steps: int or list of ints, one a height: steps in which its
            `beta` rises from 0. Defaults to 0.
        binarize: as in `VAE`. Defaults to False.
        num_classes: int or None. Number of classes that pictures are asked
            by.
        label_dropout: float. Share of labels hidden in training. Defaults to
            0.1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures, or with classes their dict.

    Returns:
        The expected pictures, given the mean codes of each.

    Raises:
        ValueError: On networks that do not fit together; in `fit`, on arrays
            of pictures outside 0 to 1.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenseDecoder, DenseLadderEncoder
    >>> encoder = DenseLadderEncoder((4, 4, 1), [8, 4], units=[8, 8])
    >>> decoders = [DenseDecoder(4, (4, 4, 1), [8]), DenseDecoder(2, (8,), [8])]
    >>> model = LadderVAE(encoder, decoders)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4, 4, 1)), verbose=0)
    >>> sorted(history.history)
    ['kl', 'kl_1', 'kl_2', 'loss', 'reconstruction']

    Reference:
        [Sonderby et al., 2016](https://arxiv.org/abs/1602.02282)
    """

    def __init__(
        self,
        encoder,
        decoders,
        likelihood="bernoulli",
        samples=1,
        beta=1.0,
        warmup_steps=0,
        binarize=False,
        num_classes=None,
        label_dropout=0.1,
        **kwargs,
    ):
        slowest = int(np.max(warmup_steps))
        super().__init__(
            likelihood,
            samples,
            beta,
            slowest if np.min(warmup_steps) >= 0 else -1,
            binarize,
            num_classes,
            label_dropout,
            **kwargs,
        )
        self.encoder = encoder
        self.decoders = list(decoders)
        self.warmup_steps = warmup_steps
        self.picture_shape, self.code_units = check_ladder(
            encoder, self.decoders, self.nll, num_classes
        )
        heights = len(self.code_units)
        if np.ndim(warmup_steps) and len(warmup_steps) != heights:
            raise ValueError(
                f"`warmup_steps` must be a number or {heights}, one a height. "
                f"Received: {warmup_steps=}"
            )
        self.parts = (
            "reconstruction",
            "kl",
            *(f"kl_{height + 1}" for height in range(heights)),
        )
        self.part_trackers = [keras.metrics.Mean(name=n) for n in self.parts]
        self.built = True

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["pictures"], inputs["labels"]
        belief = self.ascend(inputs, labels, training)
        still = [ops.zeros_like(mean)[None] for mean, _ in belief]
        codes, _, _ = self.descend(belief, labels, still, training)
        said = self.decode(codes[0][0], labels, training)
        return ops.cast(self.nll.mean(said), self.compute_dtype)

    def ascend(self, pictures, labels=None, training=False):
        """What the encoder says: a list of means and log variances."""
        inputs = with_labels("pictures", pictures, labels, self.num_classes)
        said = self.encoder(inputs, training=training)
        if not isinstance(said, list | tuple):  # Keras unwraps a list of one
            said = [said]
        return [mean_and_log_variance(each) for each in said]

    def descend(self, belief, labels, noise, training=False):
        """Codes of the posterior, the highest drawn first.

        Args:
            belief: what `ascend` returned.
            labels: ints `(batch,)` or None.
            noise: list of standard normal `(samples, batch, units)`.

        Returns:
            Three lists, the lowest height first: codes as `noise`,
            divergences given the code above `(samples, batch)`, and `log q -
            log p` of the codes.
        """
        codes, divergences, ratios = [], [], []
        prior = (0.0, 0.0)
        for height in reversed(range(len(self.decoders))):
            mean, log_variance = belief[height]
            if codes:
                prior = self.prior_of(height, codes[0], labels, training)
                mean, log_variance = weighed(mean, log_variance, *prior)
            code = mean + ops.exp(0.5 * log_variance) * noise[height]
            divergence = gaussian_kl(mean, log_variance, *prior)
            divergence = ops.broadcast_to(divergence, ops.shape(code)[:-1])
            ratio = gaussian_log_density(
                code, mean, log_variance
            ) - gaussian_log_density(code, *prior)
            codes.insert(0, code)
            divergences.insert(0, divergence)
            ratios.insert(0, ratio)
        return codes, divergences, ratios

    def prior_of(self, height, above, labels, training=False):
        """Mean and log variance of codes given `(samples, batch, units)`."""
        samples, batch = ops.shape(above)[:2]
        if labels is not None:
            labels = ops.tile(labels, (samples,))
        flat = ops.reshape(above, (-1, above.shape[-1]))
        told = with_labels("codes", flat, labels, self.num_classes)
        said = self.decoders[height + 1](told, training=training)
        said = ops.reshape(said, (samples, batch, said.shape[-1]))
        return mean_and_log_variance(said)

    def decode(self, codes, labels=None, training=False):
        """Parameters of the likelihood, given the lowest codes; float32."""
        inputs = with_labels("codes", codes, labels, self.num_classes)
        said = self.decoders[0](inputs, training=training)
        return ops.cast(said, "float32")

    def code_noise(self, pictures, training):
        """A list of standard normal noise `(samples, batch, units)`."""
        batch = ops.shape(pictures)[0]
        return [
            keras.random.normal(
                (self.samples, batch, units),
                dtype="float32",
                seed=self.seed_generator if training else height,
            )
            for height, units in enumerate(self.code_units)
        ]

    def warm_beta(self, training):
        """Weights of the divergences at this step, one a height."""
        steps = np.broadcast_to(self.warmup_steps, len(self.code_units))
        if not (training and steps.any()):
            return [self.beta] * len(steps)
        done = ops.cast(self.optimizer.iterations, "float32")
        return [
            self.beta * ops.minimum(done / n, 1.0) if n else self.beta
            for n in steps.tolist()
        ]

    def objective(self, x, y, training):
        x, labels = self.learnt(x, y, training)
        belief = self.ascend(x, labels, training)
        noise = self.code_noise(x, training)
        codes, kls, _ = self.descend(belief, labels, noise, training)
        nats = self.reconstruction(x, labels, codes[0], training)
        loss = nats
        for weight, kl in zip(self.warm_beta(training), kls, strict=True):
            loss = loss + weight * kl
        values = [loss, nats, sum(kls), *kls]
        names = ["loss", *self.parts]
        return {
            name: ops.mean(value, axis=0)
            for name, value in zip(names, values, strict=True)
        }

    def believe(self, pictures, labels):
        return self.ascend(pictures, labels)

    def log_weights(self, belief, pictures, labels, count, seed):
        noise = [
            keras.random.normal(
                (count, *ops.shape(mean)), dtype="float32", seed=seed
            )
            for mean, _ in belief
        ]
        codes, _, ratios = self.descend(belief, labels, noise)
        nats = self.reconstruction(pictures, labels, codes[0])
        return -nats - sum(ratios)

    def generate(self, count, labels=None, temperature=1.0, seed=None):
        """Draws codes from the highest down, and the expected picture of each.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            temperature: float. Scale of the codes about their means. Defaults
                to 1.
            seed: int or None. The same seed gives the same pictures.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        rng = np.random.default_rng(seed_or_fresh(seed))
        mean, deviation = 0.0, 1.0
        for units, decoder in zip(
            self.code_units[::-1], self.decoders[::-1], strict=True
        ):
            noise = rng.normal(size=(count, units))
            codes = (mean + temperature * deviation * noise).astype("float32")
            said = said_once(
                decoder,
                with_labels("codes", codes, labels, self.num_classes),
            )
            if decoder is not self.decoders[0]:
                mean, log_variance = map(
                    np.asarray, mean_and_log_variance(said)
                )
                deviation = np.exp(0.5 * log_variance)
        said = ops.cast(said, "float32")
        return ops.convert_to_numpy(self.nll.mean(said))

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoders": serialize(self.decoders),
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("encoder", "decoders", "likelihood"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
