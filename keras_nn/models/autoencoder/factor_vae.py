import keras
from keras import ops

from keras_nn.models.asked import input_of
from keras_nn.models.asked import output_of
from keras_nn.training import MultiPlayerModel
from keras_nn.training import replicas
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class FactorVAE(MultiPlayerModel):
    """A VAE whose units a discriminator holds to tell nothing of each other.

    `loss = VAE's + weight * E_q[D(z)]`, where `D(z)` estimates `log q(z) /
    prod_j q(z_j)`, so that its mean is the total correlation of the codes.
    `D` learns to tell codes from codes whose units were exchanged between
    the examples of the batch, each unit on its own:

    `loss_D = 1/2 E[softplus(-D(z))] + 1/2 E[softplus(D(exchanged z))]`.

    The paper exchanges the codes of a second batch; here it is the batch
    itself. On replicas each exchanges its own. `fit(pictures)`, or
    `fit(pictures, labels)` with classes; `compile` takes an optimiser for
    `autoencoder` and one for `discriminator`. Logs hold both losses and
    `total_correlation`, nats, as `D` says it: 0 is none.

    Args:
        vae: `VAE`, without `warmup_steps`.
        discriminator: functional `keras.Model` from codes to one number, such
            as `DenseEncoder((units,), 1, [1000] * 6, "leaky_relu")`.
        weight: float, gamma of the paper. Defaults to 10.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: as in `VAE`.

    Returns:
        The expected pictures, given the mean code of each.

    Raises:
        ValueError: On a negative weight, networks that do not fit, or a VAE
            that warms up.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import VAE, DenseDecoder, DenseEncoder
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> vae = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> model = FactorVAE(vae, DenseEncoder((2,), 1, [8], "leaky_relu"))
    >>> model.compile({"autoencoder": "adam", "discriminator": "adam"})
    >>> history = model.fit(np.ones((8, 4, 4, 1)), verbose=0)
    >>> "total_correlation" in history.history
    True

    Reference:
        [Kim and Mnih, 2018](https://arxiv.org/abs/1802.05983), algorithm 2
    """

    schedule = ("autoencoder", "discriminator")

    def __init__(self, vae, discriminator, weight=10.0, **kwargs):
        super().__init__(**kwargs)
        if weight < 0:
            raise ValueError(
                f"`weight` must not be negative. Received: {weight=}"
            )
        if vae.warmup_steps:
            raise ValueError(
                "`warmup_steps` counts the steps of one optimiser; a "
                "FactorVAE has two. Received: a VAE with warmup_steps="
                f"{vae.warmup_steps}"
            )
        takes = tuple(input_of(discriminator).shape[1:])
        says = tuple(output_of(discriminator).shape[1:])
        if takes != (vae.code_units,) or says != (1,):
            raise ValueError(
                f"The discriminator must take ({vae.code_units},) and say "
                f"(1,). Received: {takes} and {says}"
            )
        self.vae = vae
        self.discriminator = discriminator
        self.weight = weight
        self.seed_generator = keras.random.SeedGenerator()
        self.total_correlation = keras.metrics.Mean(name="total_correlation")
        self.built = True

    @property
    def coder(self):
        """The model that encodes, for instruments."""
        return self.vae

    @property
    def picture_range(self):
        """Pair of numbers, the values that are learnt and drawn."""
        return self.vae.picture_range

    @property
    def picture_shape(self):
        """Tuple. Shape of a picture."""
        return self.vae.picture_shape

    @property
    def num_classes(self):
        """int or None. Number of classes that pictures are asked by."""
        return self.vae.num_classes

    @property
    def generation_options(self):
        """Tuple of the further arguments of `generate`."""
        return self.vae.generation_options

    def call(self, inputs, training=None):
        return self.vae(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.vae.compute_output_shape(input_shape)

    def player_weights(self, player):
        played = self.vae if player == "autoencoder" else self.discriminator
        return played.trainable_weights

    def player_loss(self, player, x, y, sample_weight, training):
        if sample_weight is not None:
            raise ValueError(
                "A FactorVAE learns from examples as they come, not from "
                "weighted ones. Received: sample_weight"
            )
        parts, codes = self.vae.bound_and_codes(x, y, training)
        codes = codes[0]
        if player == "autoencoder":
            ratio = self._ratio(codes, training)
            if replicas.current_step() is not None:
                self.track_loss(ops.mean(ratio), self.total_correlation)
            return ops.mean(parts["loss"]) + self.weight * ops.mean(ratio)
        codes = ops.stop_gradient(codes)
        exchanged = self.exchanged(codes, training)
        told = ops.softplus(-self._ratio(codes, training))
        untold = ops.softplus(self._ratio(exchanged, training))
        return 0.5 * (ops.mean(told) + ops.mean(untold))

    def exchanged(self, codes, training):
        """Codes `(batch, units)`, each unit in another order."""
        seed = self.seed_generator if training else 2
        drawn = keras.random.uniform(ops.shape(codes), seed=seed)
        order = ops.argsort(drawn, axis=0)
        return ops.take_along_axis(codes, order, axis=0)

    def _ratio(self, codes, training):
        said = self.discriminator(codes, training=training)
        return ops.cast(said, "float32")

    def fit(self, x=None, y=None, *args, **kwargs):
        self.vae.check_data(x, y)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, temperature=1.0, seed=None):
        """Draws pictures as the `VAE` does; see there."""
        return self.vae.generate(count, labels, temperature, seed)

    def log_likelihood(self, *args, **kwargs):
        """Importance-sampled `log p(x)`; see `VAE`."""
        return self.vae.log_likelihood(*args, **kwargs)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return {
            "autoencoder": keras.optimizers.Adam(1e-3),
            "discriminator": keras.optimizers.Adam(1e-4, beta_1=0.5),
        }

    def get_config(self):
        return {
            **super().get_config(),
            "vae": uncompiled_config(self.vae),
            "discriminator": keras.saving.serialize_keras_object(
                self.discriminator
            ),
            "weight": self.weight,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("vae", "discriminator"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
