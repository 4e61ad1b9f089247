import math

import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import said_once
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.asked import with_labels
from keras_nn.models.autoencoder.code_networks import check_code_networks
from keras_nn.models.autoencoder.latent_model import LatentModel
from keras_nn.ops import gaussian_kl
from keras_nn.ops import gaussian_log_density

BOUNDS = ("elbo", "iwae")


@keras.saving.register_keras_serializable(package="keras_nn")
class VAE(LatentModel):
    """Variational autoencoder: codes of known density, pictures out of codes.

    `loss = E_q[-log p(x | z)] + beta * KL(q(z | x) || p(z))`, or for the bound
    of importance weighting, which is tighter the more samples there are,
    `loss = -log 1/S sum_s p(x | z_s) (p(z_s) / q(z_s | x)) ** beta`

    `fit(pictures)`, or `fit(pictures, labels)` with classes; pictures from 0
    to 1. No loss is compiled. Logs hold `reconstruction` and `kl`, nats an
    example. `evaluate` takes the same noise each time, so epochs compare.

    Args:
        encoder: functional `keras.Model` from pictures to means and then log
            variances of the codes, such as `DenseEncoder`; with classes, of a
            dict of `pictures` and `labels`.
        decoder: functional `keras.Model` from codes to what the likelihood
            takes, such as `DenseDecoder`; with classes, of a dict of `codes`
            and `labels`.
        likelihood: str or `keras_nn.losses.ValueNLL`: `"bernoulli"`,
            `"gaussian"`, `"discretized_logistic"`; any other by
            `DistributionNLL`. Defaults to `"bernoulli"`.
        prior: `VampPrior` or None, the standard normal. Defaults to None.
        bound: str. `"elbo"` or `"iwae"`. Defaults to `"elbo"`.
        samples: int. Codes drawn of each picture in training. Defaults to 1.
        beta: float. Weight of the divergence. Defaults to 1.
        warmup_steps: int. Steps in which `beta` rises from 0. Defaults to 0.
        binarize: bool. Whether the grey of a picture is the probability with
            which each of its values is 1, drawn anew each time. Defaults to
            False.
        penalty: callable or None. Of codes `(batch, units)`, their means and
            log variances: floats `(batch,)` that are added to the loss; see
            `TotalCorrelation`, `MeanDiscrepancyPenalty`. Defaults to None.
        num_classes: int or None. Number of classes that pictures are asked
            by.
        label_dropout: float. Share of labels hidden in training, from which
            the model learns to draw any class. Defaults to 0.1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures, or with classes their dict; pictures alone are then
            of any class.

    Returns:
        The expected pictures, given the mean code of each.

    Raises:
        ValueError: On networks that do not fit together; in `fit`, on arrays
            of pictures outside 0 to 1.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenseDecoder, DenseEncoder
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> decoder = DenseDecoder(2, (4, 4, 1), units=[8])
    >>> model = VAE(encoder, decoder)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4, 4, 1)), verbose=0)
    >>> sorted(history.history)
    ['kl', 'loss', 'reconstruction']
    >>> model.generate(3, seed=0).shape
    (3, 4, 4, 1)

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114);
        [Burda et al., 2016](https://arxiv.org/abs/1509.00519) (importance
        weighting); [Higgins et al., 2017](
        https://openreview.net/forum?id=Sy2fzU9gl) (beta)
    """

    parts = ("reconstruction", "kl")

    def __init__(
        self,
        encoder,
        decoder,
        likelihood="bernoulli",
        prior=None,
        bound="elbo",
        samples=1,
        beta=1.0,
        warmup_steps=0,
        binarize=False,
        penalty=None,
        num_classes=None,
        label_dropout=0.1,
        **kwargs,
    ):
        super().__init__(
            likelihood,
            samples,
            beta,
            warmup_steps,
            binarize,
            num_classes,
            label_dropout,
            **kwargs,
        )
        if bound not in BOUNDS:
            raise ValueError(
                f"`bound` must be one of {BOUNDS}. Received: {bound=}"
            )
        self.encoder = encoder
        self.decoder = decoder
        self.prior = prior
        self.bound = bound
        self.penalty = penalty
        self.picture_shape, self.code_units = check_code_networks(
            encoder, decoder, self.nll, num_classes
        )
        if prior is not None and not prior.built:
            prior.build((None, *self.picture_shape))
        self.built = True

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["pictures"], inputs["labels"]
        mean, _ = self.posterior(inputs, labels, training)
        said = self.decode(mean, labels, training)
        return ops.cast(self.nll.mean(said), self.compute_dtype)

    def posterior(self, pictures, labels=None, training=False):
        """Means and log variances of the codes of pictures, float32."""
        inputs = with_labels("pictures", pictures, labels, self.num_classes)
        said = ops.cast(self.encoder(inputs, training=training), "float32")
        mean, log_variance = ops.split(said, 2, axis=-1)
        return mean, log_variance

    def decode(self, codes, labels=None, training=False):
        """Parameters of the likelihood, given codes; float32."""
        inputs = with_labels("codes", codes, labels, self.num_classes)
        return ops.cast(self.decoder(inputs, training=training), "float32")

    def log_prior(self, codes, labels=None, training=False):
        """Log density of codes `(..., units)` under the prior."""
        if self.prior is None:
            return gaussian_log_density(codes)
        return self.prior.log_density(
            codes, lambda u: self.posterior(u, None, training)
        )

    def objective(self, x, y, training):
        return self.bound_and_codes(x, y, training)[0]

    def bound_and_codes(self, x, y, training):
        """What `objective` returns, and codes `(samples, batch, units)`."""
        x, labels = self.learnt(x, y, training)
        mean, log_variance = self.posterior(x, labels, training)
        noise = self.code_noise(x, training)
        codes = mean + ops.exp(0.5 * log_variance) * noise
        nats = self.reconstruction(x, labels, codes, training)
        if self.prior is None and self.bound == "elbo":
            kl = ops.expand_dims(gaussian_kl(mean, log_variance), 0)
        else:
            kl = gaussian_log_density(codes, mean, log_variance)
            kl = kl - self.log_prior(codes, labels, training)
        loss = nats + self.warm_beta(training) * kl
        if self.bound == "iwae":
            loss = math.log(self.samples) - ops.logsumexp(-loss, axis=0)
        else:
            loss = ops.mean(loss, axis=0)
        if self.penalty is not None:
            loss = loss + self.penalty(codes[0], mean, log_variance)
        parts = {
            "loss": loss,
            "reconstruction": ops.mean(nats, axis=0),
            "kl": ops.mean(kl, axis=0),
        }
        return parts, codes

    def believe(self, pictures, labels):
        return self.posterior(pictures, labels)

    def log_weights(self, belief, pictures, labels, count, seed):
        mean, log_variance = belief
        noise = keras.random.normal(
            (count, *ops.shape(mean)), dtype="float32", seed=seed
        )
        codes = mean + ops.exp(0.5 * log_variance) * noise
        return (
            self.log_prior(codes, labels)
            - gaussian_log_density(codes, mean, log_variance)
            - self.reconstruction(pictures, labels, codes)
        )

    def generate(self, count, labels=None, temperature=1.0, seed=None):
        """Draws codes of the prior and says the expected picture of each.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            temperature: float. Scale of the codes about their mean; below 1
                pictures are more usual. Defaults to 1.
            seed: int or None. The same seed gives the same pictures.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        seed = seed_or_fresh(seed)
        if self.prior is None:
            codes = temperature * keras.random.normal(
                (count, self.code_units), dtype="float32", seed=seed
            )
        elif temperature != 1:
            raise ValueError(
                "`temperature` is for the standard normal prior. "
                f"Received: {temperature=} and {self.prior}"
            )
        else:
            codes = self.prior.draw(count, self.posterior, seed)
        codes = np.asarray(codes)
        said = said_once(
            self.decoder,
            with_labels("codes", codes, labels, self.num_classes),
        )
        said = ops.cast(said, "float32")
        return ops.convert_to_numpy(self.nll.mean(said))

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "prior": serialize(self.prior),
            "bound": self.bound,
            "penalty": serialize(self.penalty),
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("encoder", "decoder", "likelihood", "prior", "penalty"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
