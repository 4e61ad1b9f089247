import keras
from keras import ops

from keras_nn.models.autoencoder.reconstruction import example_losses
from keras_nn.models.autoencoder.reconstructor import Reconstructor
from keras_nn.training import ObjectiveModel
from keras_nn.training import input_gradients
from keras_nn.training import replicas


@keras.saving.register_keras_serializable(package="keras_nn")
class Autoencoder(Reconstructor, ObjectiveModel):
    """Learns codes from which inputs can be told: plain, or with a handicap.

    `loss = L(x, decoder(z)) + l1 |z|_1 + rate_weight * sum_j KL(rate || r_j) +
    contraction * |dz/dx|^2`, `z = encoder(corruption(x))`

    - denoising: `corruption`, such as `keras.layers.GaussianNoise`;
    - sparse: `l1`; or `rate`, the share of examples in which a unit should be
      active, against its mean activation `r_j` in the batch, for codes from 0
      to 1 (a sigmoid);
    - contractive: `contraction`, the squared norm of the Jacobian, estimated
      with one random direction an example.

    `fit(x)`; no loss is compiled. Logs hold `reconstruction` and `penalty`.

    Args:
        encoder: `keras.Model` from inputs to codes.
        decoder: `keras.Model` from codes to inputs.
        reconstruction_loss: str or `keras.losses.Loss`. Defaults to `"mse"`.
        corruption: `keras.layers.Layer` or None, in training. Defaults to
            None.
        l1: float. Defaults to 0.
        rate: float or None. Defaults to None.
        rate_weight: float. Defaults to 1.
        contraction: float. Defaults to 0.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: what the encoder takes.

    Returns:
        Reconstructions.

    Raises:
        ValueError: If a weight is negative or `rate` not in (0, 1).

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenseDecoder, DenseEncoder
    >>> encoder = DenseEncoder((4,), output_units=2, units=[8])
    >>> model = Autoencoder(encoder, DenseDecoder(2, (4,), units=[8]))
    >>> model.compile("adam")
    >>> sorted(model.fit(np.ones((8, 4)), verbose=0).history)
    ['loss', 'penalty', 'reconstruction']
    >>> tuple(model.encode(np.ones((3, 4))).shape)
    (3, 2)

    Reference:
        [Vincent et al., 2008](https://doi.org/10.1145/1390156.1390294)
        (denoising); [Ng, 2011](
        https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf) (sparse);
        [Rifai et al., 2011](
        https://icml.cc/2011/papers/455_icmlpaper.pdf) (contractive)
    """

    parts = ("reconstruction", "penalty")

    def __init__(
        self,
        encoder,
        decoder,
        reconstruction_loss="mse",
        corruption=None,
        l1=0.0,
        rate=None,
        rate_weight=1.0,
        contraction=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(l1, rate_weight, contraction) < 0:
            raise ValueError(
                "`l1`, `rate_weight` and `contraction` must not be negative. "
                f"Received: {l1=}, {rate_weight=}, {contraction=}"
            )
        if rate is not None and not 0 < rate < 1:
            raise ValueError(
                f"`rate` must be between 0 and 1. Received: {rate=}"
            )
        self.encoder = encoder
        self.decoder = decoder
        self.reconstruction_loss = reconstruction_loss
        self.corruption = corruption
        self.l1 = l1
        self.rate = rate
        self.rate_weight = rate_weight
        self.contraction = contraction
        self.seed_generator = keras.random.SeedGenerator()
        self.built = True

    def encode(self, inputs, training=False):
        """Codes of inputs."""
        return self.encoder(inputs, training=training)

    def call(self, inputs, training=None):
        codes = self.encoder(inputs, training=training)
        return self.decoder(codes, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape

    def direction(self, codes, training):
        """Random signs, of the shape of codes."""
        seed = self.seed_generator if training else 0
        drawn = keras.random.uniform(ops.shape(codes), seed=seed)
        return ops.where(drawn < 0.5, -1.0, 1.0)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        seen = x
        if self.corruption is not None and training:
            seen = self.corruption(x, training=True)
        if self.contraction:
            codes, squares = self._contracted(seen, training)
        else:
            codes, squares = self.encode(seen, training), 0.0
        said = self.decoder(codes, training=training)
        reconstruction = example_losses(self.reconstruction_loss, x, said)
        codes = ops.cast(codes, "float32")
        codes = ops.reshape(codes, (ops.shape(codes)[0], -1))
        penalty = self.contraction * squares + self.l1 * ops.sum(
            ops.abs(codes), axis=-1
        )
        if self.rate is not None:
            penalty = penalty + self.rate_weight * self._sparsity(codes)
        return {
            "loss": reconstruction + penalty,
            "reconstruction": reconstruction,
            "penalty": penalty,
        }

    def _contracted(self, x, training):
        """Codes, and an estimate of the squared norm of their Jacobian."""
        found = []

        def score(x):
            found.append(self.encode(x, training))
            codes = ops.cast(found[0], "float32")
            return codes * self.direction(codes, training)

        _, gradients = input_gradients(score, x)
        axes = tuple(range(1, len(gradients.shape)))
        return found[0], ops.sum(ops.square(gradients), axis=axes)

    def _sparsity(self, codes):
        mean = ops.clip(replicas.batch_mean(codes), 1e-6, 1 - 1e-6)
        rate = self.rate
        return ops.sum(
            rate * ops.log(rate / mean)
            + (1 - rate) * ops.log((1 - rate) / (1 - mean))
        )

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "reconstruction_loss": serialize(self.reconstruction_loss),
            "corruption": serialize(self.corruption),
            "l1": self.l1,
            "rate": self.rate,
            "rate_weight": self.rate_weight,
            "contraction": self.contraction,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("encoder", "decoder", "reconstruction_loss", "corruption"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
