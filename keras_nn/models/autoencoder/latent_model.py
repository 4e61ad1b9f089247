import keras
import numpy as np
from keras import ops

from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.autoencoder.importance_sampling import ImportanceSampling
from keras_nn.models.autoencoder.likelihoods import likelihood_of
from keras_nn.models.autoencoder.reconstructor import Reconstructor
from keras_nn.training import ObjectiveModel


class LatentModel(Reconstructor, ObjectiveModel):
    """What variational models of pictures have in common. Abstract.

    A subclass implements `objective` and `generate`, sets `picture_shape`,
    and says for `log_likelihood`

    - `believe(pictures, labels)`: what the encoder says of pictures, any
      nest of tensors;
    - `log_weights(belief, pictures, labels, count, seed)`: a tensor `(count,
      batch)`, `log p(x, z) - log q(z | x)` of as many codes drawn anew.

    Args:
        likelihood: as in `VAE`, and all the others.
        samples: int.
        beta: float.
        warmup_steps: int.
        binarize: bool.
        num_classes: int or None.
        label_dropout: float.
        **kwargs: `name`, `trainable`, `dtype`.
    """

    picture_range = (0.0, 1.0)
    generation_options = ("temperature",)

    def __init__(
        self,
        likelihood,
        samples,
        beta,
        warmup_steps,
        binarize,
        num_classes,
        label_dropout,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if samples < 1 or beta < 0 or warmup_steps < 0:
            raise ValueError(
                "`samples` must be positive, `beta` and `warmup_steps` not "
                f"negative. Received: {samples=}, {beta=}, {warmup_steps=}"
            )
        if not 0 <= label_dropout < 1:
            raise ValueError(
                f"`label_dropout` must be in [0, 1). Received: {label_dropout=}"
            )
        self.likelihood = likelihood
        self.samples = samples
        self.beta = beta
        self.warmup_steps = warmup_steps
        self.binarize = binarize
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.nll = likelihood_of(likelihood)
        self.seed_generator = keras.random.SeedGenerator()
        self.estimator = ImportanceSampling(self)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["pictures"]
        return input_shape

    def learnt(self, x, y, training):
        """Pictures and labels of a batch as the bound takes them."""
        x = ops.cast(x, "float32")
        seed = self.seed_generator if training else 1
        if self.binarize:
            drawn = keras.random.uniform(ops.shape(x), seed=seed)
            x = ops.cast(drawn < x, "float32")
        labels = None
        if self.num_classes:
            hidden = self.label_dropout if training else 0.0
            labels = learnt_labels(y, self.num_classes, hidden, seed)
        return x, labels

    def code_noise(self, pictures, training):
        """Standard normal noise `(samples, batch, units)` of a step."""
        shape = (self.samples, ops.shape(pictures)[0], self.code_units)
        seed = self.seed_generator if training else 0
        return keras.random.normal(shape, dtype="float32", seed=seed)

    def reconstruction(self, pictures, labels, codes, training=False):
        """Nats of pictures given codes `(samples, batch, units)`.

        Returns:
            A tensor `(samples, batch)`.
        """
        samples, batch = ops.shape(codes)[0], ops.shape(codes)[1]
        codes = ops.reshape(codes, (-1, codes.shape[-1]))
        if samples != 1:
            pictures = ops.tile(
                pictures, (samples, *(1 for _ in self.picture_shape))
            )
            if labels is not None:
                labels = ops.tile(labels, (samples,))
        nats = self.nll.call(pictures, self.decode(codes, labels, training))
        return ops.reshape(nats, (samples, batch))

    def warm_beta(self, training):
        """Weight of the divergence at this step."""
        if not (training and self.warmup_steps):
            return self.beta
        done = ops.cast(self.optimizer.iterations, "float32")
        return self.beta * ops.minimum(done / self.warmup_steps, 1.0)

    def check_data(self, x, y):
        """Raise for arrays of no classes, or of pictures out of range."""
        check_labels(y, self.num_classes)
        check_range(x, *self.picture_range)

    def fit(self, x=None, y=None, *args, **kwargs):
        self.check_data(x, y)
        return super().fit(x, y, *args, **kwargs)

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
        return {
            **super().get_config(),
            "likelihood": keras.saving.serialize_keras_object(self.likelihood),
            "samples": self.samples,
            "beta": self.beta,
            "warmup_steps": self.warmup_steps,
            "binarize": self.binarize,
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
        }
