import math

import keras
import numpy as np
from keras import ops

from keras_nn import losses
from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import dict_input
from keras_nn.models.asked import input_of
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import output_of
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.autoencoder.importance_sampling import ImportanceSampling
from keras_nn.ops import gaussian_kl
from keras_nn.ops import gaussian_log_density
from keras_nn.training import ObjectiveModel

LIKELIHOODS = {
    "bernoulli": losses.BernoulliNLL,
    "gaussian": losses.GaussianNLL,
    "discretized_logistic": losses.DiscretizedLogisticNLL,
}
BOUNDS = ("elbo", "iwae")


@keras.saving.register_keras_serializable(package="keras_nn")
class VAE(ObjectiveModel):
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
            `"gaussian"`, `"discretized_logistic"`. Defaults to `"bernoulli"`.
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
    picture_range = (0.0, 1.0)
    generation_options = ("temperature",)

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
        super().__init__(**kwargs)
        if bound not in BOUNDS:
            raise ValueError(
                f"`bound` must be one of {BOUNDS}. Received: {bound=}"
            )
        if samples < 1 or beta < 0 or warmup_steps < 0:
            raise ValueError(
                "`samples` must be positive, `beta` and `warmup_steps` not "
                f"negative. Received: {samples=}, {beta=}, {warmup_steps=}"
            )
        if not 0 <= label_dropout < 1:
            raise ValueError(
                f"`label_dropout` must be in [0, 1). Received: {label_dropout=}"
            )
        self.encoder = encoder
        self.decoder = decoder
        self.likelihood = likelihood
        self.prior = prior
        self.bound = bound
        self.samples = samples
        self.beta = beta
        self.warmup_steps = warmup_steps
        self.binarize = binarize
        self.penalty = penalty
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.nll = _likelihood(likelihood)
        self.picture_shape = self._check_networks()
        if prior is not None and not prior.built:
            prior.build((None, *self.picture_shape))
        self.seed_generator = keras.random.SeedGenerator()
        self.estimator = ImportanceSampling(self)
        self.built = True

    def _check_networks(self):
        takes = "pictures", "codes"
        for network, name in zip(
            (self.encoder, self.decoder), takes, strict=True
        ):
            names = {name, "labels"}
            if dict_input(network, names) != bool(self.num_classes):
                raise ValueError(
                    "with classes, encoder and decoder take dicts of "
                    "`labels` and `pictures` or `codes`; without, tensors. "
                    f"Received: {network} and num_classes={self.num_classes}"
                )
        shape = _shape(input_of(self.encoder), "pictures")
        said = output_of(self.encoder).shape[-1]
        self.code_units = _shape(input_of(self.decoder), "codes")[0]
        if said != 2 * self.code_units:
            raise ValueError(
                "The encoder must say twice what the decoder takes, means and "
                f"log variances. Received: {said} and {self.code_units} units"
            )
        expected = (*shape[:-1], shape[-1] * self.nll.parameters_per_value)
        if tuple(output_of(self.decoder).shape[1:]) != expected:
            raise ValueError(
                f"The decoder must say {expected} of pictures {shape}, "
                f"{self.nll.parameters_per_value} numbers a value. Received: "
                f"{tuple(output_of(self.decoder).shape[1:])}"
            )
        return shape

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["pictures"], inputs["labels"]
        mean, _ = self.posterior(inputs, labels, training)
        said = self.decode(mean, labels, training)
        return ops.cast(self.nll.mean(said), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["pictures"]
        return input_shape

    def posterior(self, pictures, labels=None, training=False):
        """Means and log variances of the codes of pictures, float32."""
        inputs = self._told("pictures", pictures, labels)
        said = ops.cast(self.encoder(inputs, training=training), "float32")
        mean, log_variance = ops.split(said, 2, axis=-1)
        return mean, log_variance

    def decode(self, codes, labels=None, training=False):
        """Parameters of the likelihood, given codes; float32."""
        inputs = self._told("codes", codes, labels)
        return ops.cast(self.decoder(inputs, training=training), "float32")

    def _told(self, name, values, labels):
        if not self.num_classes:
            return values
        if labels is None:
            labels = ops.full((ops.shape(values)[0],), self.num_classes)
        return {name: values, "labels": ops.cast(labels, "int32")}

    def reconstruction(self, pictures, labels, codes, training=False):
        """Nats of pictures given codes `(samples, batch, units)`.

        Returns:
            A tensor `(samples, batch)`.
        """
        samples, batch = ops.shape(codes)[0], ops.shape(codes)[1]
        codes = ops.reshape(codes, (-1, self.code_units))
        if samples != 1:
            pictures = ops.tile(
                pictures, (samples, *(1 for _ in self.picture_shape))
            )
            if labels is not None:
                labels = ops.tile(labels, (samples,))
        nats = self.nll.call(pictures, self.decode(codes, labels, training))
        return ops.reshape(nats, (samples, batch))

    def log_prior(self, codes, labels=None, training=False):
        """Log density of codes `(..., units)` under the prior."""
        if self.prior is None:
            return gaussian_log_density(codes)
        return self.prior.log_density(
            codes, lambda u: self.posterior(u, None, training)
        )

    def code_noise(self, pictures, training):
        """Standard normal noise `(samples, batch, units)` of a step."""
        shape = (self.samples, ops.shape(pictures)[0], self.code_units)
        seed = self.seed_generator if training else 0
        return keras.random.normal(shape, dtype="float32", seed=seed)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        seed = self.seed_generator if training else 1
        if self.binarize:
            drawn = keras.random.uniform(ops.shape(x), seed=seed)
            x = ops.cast(drawn < x, "float32")
        labels = None
        if self.num_classes:
            hidden = self.label_dropout if training else 0.0
            labels = learnt_labels(y, self.num_classes, hidden, seed)
        mean, log_variance = self.posterior(x, labels, training)
        noise = self.code_noise(x, training)
        codes = mean + ops.exp(0.5 * log_variance) * noise
        nats = self.reconstruction(x, labels, codes, training)
        if self.prior is None and self.bound == "elbo":
            kl = ops.expand_dims(gaussian_kl(mean, log_variance), 0)
        else:
            kl = gaussian_log_density(codes, mean, log_variance)
            kl = kl - self.log_prior(codes, labels, training)
        loss = nats + self._beta(training) * kl
        if self.bound == "iwae":
            loss = math.log(self.samples) - ops.logsumexp(-loss, axis=0)
        else:
            loss = ops.mean(loss, axis=0)
        if self.penalty is not None:
            loss = loss + self.penalty(codes[0], mean, log_variance)
        return {
            "loss": loss,
            "reconstruction": ops.mean(nats, axis=0),
            "kl": ops.mean(kl, axis=0),
        }

    def _beta(self, training):
        if not (training and self.warmup_steps):
            return self.beta
        done = ops.cast(self.optimizer.iterations, "float32")
        return self.beta * ops.minimum(done / self.warmup_steps, 1.0)

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        check_range(x, *self.picture_range)
        return super().fit(x, y, *args, **kwargs)

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
        said = self.decoder.predict_on_batch(self._told("codes", codes, labels))
        said = ops.cast(said, "float32")
        return ops.convert_to_numpy(self.nll.mean(said))

    def log_likelihood(
        self, x, labels=None, samples=5000, batch_size=100, seed=0
    ):
        """Importance-sampled `log p(x)`, in one compiled loop a batch.

        Pictures are taken as they are: binarise them beforehand.

        Args:
            x: array of pictures.
            labels: ints `(n,)`, with classes.
            samples: int. Codes drawn of each picture. Defaults to 5000.
            batch_size: int. Pictures at once. Defaults to 100.
            seed: int or None. The same seed gives the same estimate.

        Returns:
            Float32 array `(n,)`, nats; on average a lower bound.
        """
        if samples < 1:
            raise ValueError(
                f"`samples` must be positive. Received: {samples=}"
            )
        x = np.asarray(x, "float32")
        if labels is not None:
            labels = np.asarray(labels, "int32")
        return self.estimator(x, labels, samples, batch_size, seed)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "likelihood": serialize(self.likelihood),
            "prior": serialize(self.prior),
            "bound": self.bound,
            "samples": self.samples,
            "beta": self.beta,
            "warmup_steps": self.warmup_steps,
            "binarize": self.binarize,
            "penalty": serialize(self.penalty),
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("encoder", "decoder", "likelihood", "prior", "penalty"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def _likelihood(likelihood):
    if not isinstance(likelihood, str):
        return likelihood
    if likelihood not in LIKELIHOODS:
        raise ValueError(
            f"`likelihood` must be one of {sorted(LIKELIHOODS)} or an object. "
            f"Received: {likelihood=}"
        )
    if likelihood == "gaussian":
        return losses.GaussianNLL(deviation=1.0)
    return LIKELIHOODS[likelihood]()


def _shape(takes, name):
    takes = takes[name] if isinstance(takes, dict) else takes
    return tuple(takes.shape[1:])
