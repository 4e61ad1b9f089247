import keras
from keras import ops

from keras_nn.layers import VectorQuantizer
from keras_nn.models.asked import output_of
from keras_nn.models.autoencoder.reconstruction import example_losses
from keras_nn.models.autoencoder.reconstructor import Reconstructor
from keras_nn.training import ObjectiveModel
from keras_nn.training import replicas


@keras.saving.register_keras_serializable(package="keras_nn")
class VQVAE(Reconstructor, ObjectiveModel):
    """An autoencoder whose code is a map of entries of a codebook.

    `loss = L(x, decoder(q)) + |stop_gradient(z) - e|^2 + commitment * |z -
    stop_gradient(e)|^2`, `e` the entry nearest to `z = encoder(x)`, and `q`
    the same with the gradient of `z`.

    With `averaging` the codebook follows the averages of the vectors that it
    stands for, and the second term is left out. Logs hold `reconstruction`,
    `commitment`, and `codebook_use`: how many entries are in use, as `exp` of
    the entropy of a batch; one that stays near 1 has collapsed. Entries that
    stand for next to nothing may be put anew on codes of the batch, see
    `restart_below`.

    `fit(pictures)`; no loss is compiled.

    Args:
        encoder: `keras.Model` from pictures to maps `(batch, ..., units)`.
        decoder: `keras.Model` from maps to pictures.
        entries: int. Size of the codebook. Defaults to 512.
        reconstruction_loss: str or `keras.losses.Loss`. Defaults to `"mse"`.
        commitment: float. Defaults to 0.25.
        averaging: float or None. Momentum of the averages; None: the codebook
            learns by gradients. Defaults to 0.99.
        restart_below: float or None. An entry that stands for fewer codes of a
            batch than this, on average, starts again as one of its codes,
            drawn by chance; 1 is usual, with `averaging` only. None: it stays
            where it is. Defaults to None.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures.

    Returns:
        Reconstructions.

    Raises:
        ValueError: If `averaging` is not in [0, 1), `commitment` negative, or
            `restart_below` not positive or without `averaging`.

    Example:

    >>> import keras, numpy as np
    >>> encoder = keras.Sequential(
    ...     [keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 2, strides=2)]
    ... )
    >>> decoder = keras.Sequential(
    ...     [keras.Input((2, 2, 2)), keras.layers.Conv2DTranspose(1, 2, 2)]
    ... )
    >>> model = VQVAE(encoder, decoder, entries=8)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4, 4, 1)), verbose=0)
    >>> tuple(model.indices(np.ones((3, 4, 4, 1))).shape)
    (3, 2, 2)

    Reference:
        [van den Oord et al., 2017](https://arxiv.org/abs/1711.00937),
        equation 3 and appendix A.1;
        [Dhariwal et al., 2020](https://arxiv.org/abs/2005.00341), section
        3.1 (restarts)
    """

    parts = ("reconstruction", "commitment", "codebook_use")

    def __init__(
        self,
        encoder,
        decoder,
        entries=512,
        reconstruction_loss="mse",
        commitment=0.25,
        averaging=0.99,
        restart_below=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if averaging is not None and not 0 <= averaging < 1:
            raise ValueError(
                f"`averaging` must be in [0, 1). Received: {averaging=}"
            )
        if commitment < 0:
            raise ValueError(
                f"`commitment` must not be negative. Received: {commitment=}"
            )
        if restart_below is not None and (
            averaging is None or not restart_below > 0
        ):
            raise ValueError(
                "`restart_below` must be positive, beside `averaging`. "
                f"Received: {restart_below=}, {averaging=}"
            )
        self.encoder = encoder
        self.decoder = decoder
        self.entries = entries
        self.reconstruction_loss = reconstruction_loss
        self.commitment = commitment
        self.averaging = averaging
        self.restart_below = restart_below
        self.quantizer = VectorQuantizer(
            entries,
            trainable=averaging is None,
            dtype="float32",
            name="quantizer",
        )
        shape = output_of(encoder).shape
        self.quantizer.build(shape)
        self.code_shape = tuple(shape[1:-1])
        if averaging is not None:
            given = {
                "initializer": "zeros",
                "trainable": False,
                "dtype": "float32",
                "aggregation": "only_first_replica",
            }
            self.counts = self.add_weight((entries,), name="counts", **given)
            self.sums = self.add_weight(
                (entries, shape[-1]), name="sums", **given
            )
        if restart_below is not None:
            self.seed_generator = keras.random.SeedGenerator()
        self.built = True

    def call(self, inputs, training=None):
        codes = ops.cast(self.encoder(inputs, training=training), "float32")
        return self.decoder(self.quantizer(codes), training=training)

    def compute_output_shape(self, input_shape):
        return input_shape

    def indices(self, pictures):
        """Which entries stand for pictures: int32 `(batch, ...)`."""
        return self.quantizer.nearest(self.encoder(pictures, training=False))

    def decode(self, indices):
        """Pictures of maps of indices."""
        return self.decoder(self.quantizer.lookup(indices), training=False)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        codes = ops.cast(self.encoder(x, training=training), "float32")
        indices = self.quantizer.nearest(codes)
        found = self.quantizer.lookup(indices)
        straight = codes + ops.stop_gradient(found - codes)
        said = self.decoder(straight, training=training)
        reconstruction = example_losses(self.reconstruction_loss, x, said)

        def apart(a, b):
            squares = ops.square(a - b)
            return ops.mean(squares, axis=tuple(range(1, len(a.shape))))

        commitment = apart(ops.stop_gradient(found), codes)
        loss = reconstruction + self.commitment * commitment
        chosen = ops.one_hot(indices, self.entries, dtype="float32")
        middle = tuple(range(1, len(codes.shape) - 1))
        if self.averaging is None:
            loss = loss + apart(found, ops.stop_gradient(codes))
        elif training:
            self._follow(chosen, ops.stop_gradient(codes))
        share = replicas.batch_mean(ops.mean(chosen, axis=middle))
        entropy = -ops.sum(share * ops.log(ops.maximum(share, 1e-10)))
        return {
            "loss": loss,
            "reconstruction": reconstruction,
            "commitment": commitment,
            "codebook_use": ops.exp(entropy) * ops.ones_like(loss),
        }

    def _follow(self, chosen, codes):
        """Moves each entry to the average of what it stood for."""
        chosen = ops.reshape(chosen, (-1, self.entries))
        codes = ops.reshape(codes, (-1, codes.shape[-1]))
        counts, sums = replicas.all_reduce_sum(
            [
                ops.sum(chosen, axis=0),
                ops.matmul(ops.transpose(chosen), codes),
            ]
        )
        kept, vectors = self.averaging, ops.sum(counts)
        counts = kept * self.counts + (1 - kept) * counts
        sums = kept * self.sums + (1 - kept) * sums
        if self.restart_below is not None:
            counts, sums = self._restarted(counts, sums, codes, vectors)
        self.counts.assign(counts)
        self.sums.assign(sums)
        # What has never been chosen stays where it began.
        book = ops.where(
            counts[:, None] > 1e-5,
            sums / ops.maximum(counts, 1e-5)[:, None],
            self.quantizer.codebook,
        )
        self.quantizer.codebook.assign(book)

    def _restarted(self, counts, sums, codes, vectors):
        """Averages, those of dead entries as if they had stood for a code.

        Replicas take what the first one draws, of its codes.
        """
        total = ops.sum(counts)
        share = total / vectors  # of what averages will be, at first
        dead = counts < self.restart_below * share
        drawn = keras.random.uniform((self.entries,), seed=self.seed_generator)
        held = ops.shape(codes)[0]
        place = ops.floor(drawn * ops.cast(held, "float32"))
        # One more row, for a replica that has no example.
        codes = ops.concatenate([codes, self.quantizer.codebook[:1]])
        given = ops.take(codes, ops.cast(place, "int32"), axis=0)
        # As much as any entry, so that it has time to be chosen.
        fresh = share * ops.maximum(vectors / self.entries, self.restart_below)
        counts = ops.where(dead, fresh, counts)
        sums = ops.where(dead[:, None], fresh * given, sums)
        kept = total / ops.sum(counts)
        return kept * counts, kept * sums

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
            "entries": self.entries,
            "reconstruction_loss": serialize(self.reconstruction_loss),
            "commitment": self.commitment,
            "averaging": self.averaging,
            "restart_below": self.restart_below,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("encoder", "decoder", "reconstruction_loss"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
