import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import input_of
from keras_nn.training import ObjectiveModel
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class CodeGenerator(ObjectiveModel):
    """A VQ-VAE that says what codes mean, and a prior that draws them.

    `loss = VQ-VAE's + -log p(indices(x))`; the codes are given to the prior
    without a gradient. One `fit` teaches both, the prior following codes that
    move less and less. For the two stages of the paper, train the VQ-VAE on
    its own, set `vqvae.trainable = False`, and compile and fit this.

    `fit(pictures)`, or `fit(pictures, labels)` with classes. No loss is
    compiled. Logs hold `reconstruction`, `commitment`, `codebook_use` of the
    VQ-VAE, and `code_nats`, nats an example.

    Args:
        vqvae: `VQVAE` whose decoder says pictures within `picture_range`, or
            near it.
        prior: model of maps of indices with `objective`, `generate` and
            `num_classes`, such as `PixelCNN` or
            `keras_nn.generation.RasterTransformer`.
        picture_range: pair of numbers. What arrays of pictures may hold, and
            where drawn ones are cut. Defaults to `(0, 1)`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures, or a dict of `pictures` and `labels`.

    Returns:
        Reconstructions.

    Raises:
        ValueError: On a prior of other maps; in `fit`, on arrays of pictures
            outside their range.

    Example:

    >>> import keras, numpy as np
    >>> from keras_nn.models import VQVAE, GatedPixelCNN, PixelCNN
    >>> encoder = keras.Sequential(
    ...     [keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 2, strides=2)]
    ... )
    >>> decoder = keras.Sequential(
    ...     [keras.Input((2, 2, 2)), keras.layers.Conv2DTranspose(1, 2, 2)]
    ... )
    >>> network = GatedPixelCNN((2, 2), 8, entries=8, filters=4, num_layers=1)
    >>> model = CodeGenerator(
    ...     VQVAE(encoder, decoder, entries=8), PixelCNN(network)
    ... )
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4, 4, 1)), verbose=0)
    >>> model.generate(3, seed=0).shape
    (3, 4, 4, 1)

    Reference:
        [van den Oord et al., 2017](https://arxiv.org/abs/1711.00937),
        section 3.3
    """

    parts = ("reconstruction", "commitment", "codebook_use", "code_nats")

    def __init__(self, vqvae, prior, picture_range=(0.0, 1.0), **kwargs):
        super().__init__(**kwargs)
        codes = tuple(vqvae.code_shape)
        if tuple(prior.picture_shape) != codes:
            raise ValueError(
                f"The prior must be of maps {codes}. "
                f"Received: {tuple(prior.picture_shape)}"
            )
        low, high = prior.picture_range
        if (low, high) != (0, vqvae.entries - 1):
            raise ValueError(
                f"The prior must be of {vqvae.entries} indices. "
                f"Received: values from {low} to {high}"
            )
        self.vqvae = vqvae
        self.prior = prior
        self.picture_range = tuple(picture_range)
        self.picture_shape = tuple(input_of(vqvae.encoder).shape[1:])
        self.built = True

    @property
    def coder(self):
        """The model that encodes, for instruments."""
        return self.vqvae

    @property
    def num_classes(self):
        """int or None. Number of classes that pictures are asked by."""
        return self.prior.num_classes

    @property
    def generation_options(self):
        """Tuple of the further arguments of `generate`."""
        return self.prior.generation_options

    def call(self, inputs, training=None):
        if isinstance(inputs, dict):
            inputs = inputs["pictures"]
        return self.vqvae(inputs, training=training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["pictures"]
        return input_shape

    def objective(self, x, y, training):
        learns = training and self.vqvae.trainable
        found = self.vqvae.objective(x, None, learns)
        indices = self.vqvae.indices(ops.cast(x, "float32"))
        nats = self.prior.objective(indices, y, training)["loss"]
        loss = nats
        if self.vqvae.trainable:
            loss = loss + found["loss"]
        return {**found, "loss": loss, "code_nats": nats}

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        check_range(x, *self.picture_range)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, seed=None, **how):
        """Draws codes of the prior and decodes them.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            seed: int or None. The same seed gives the same pictures.
            **how: further arguments of the prior's `generate`.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        codes = self.prior.generate(count, labels, seed=seed, **how)
        drawn = self.vqvae.decode(codes)
        return np.clip(
            ops.convert_to_numpy(ops.cast(drawn, "float32")),
            *self.picture_range,
        )

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        return {
            **super().get_config(),
            "vqvae": uncompiled_config(self.vqvae),
            "prior": uncompiled_config(self.prior),
            "picture_range": self.picture_range,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("vqvae", "prior"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
