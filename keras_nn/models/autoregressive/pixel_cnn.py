import math

import keras
from keras import ops

from keras_nn.losses import CategoricalNLL
from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import output_of
from keras_nn.models.asked import with_labels
from keras_nn.models.autoencoder.code_networks import check_classes
from keras_nn.models.autoencoder.code_networks import input_shape_of
from keras_nn.models.autoencoder.likelihoods import likelihood_of
from keras_nn.models.autoregressive.raster_loop import RasterLoop
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class PixelCNN(ObjectiveModel):
    """Pictures, or maps of indices, drawn place by place.

    `loss = -log p(x) = -sum_i log p(x_i | x_1 ... x_(i-1))`, exactly.

    `fit(pictures)`, or `fit(pictures, labels)` with classes. No loss is
    compiled. Logs hold `loss`, nats an example, and `bits_per_dimension`.

    Args:
        network: functional `keras.Model`, such as `GatedPixelCNN`: from
            pictures, or ints `(batch, height, width)`, to what the likelihood
            takes, of each place from the places before it only; with classes,
            of a dict of `pictures` and `labels`.
        likelihood: str or `keras_nn.losses.ValueNLL`: as in `VAE`, or
            `"categorical"`, of indices from 0 to as many as the network says
            numbers. Defaults to `"categorical"`.
        num_classes: int or None. Number of classes that pictures are asked
            by.
        label_dropout: float. Share of labels hidden in training, from which
            the model learns to draw any class. Defaults to 0.1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: pictures, or with classes the network's dict.

    Returns:
        What the network says of each place.

    Raises:
        ValueError: On a network that does not fit its likelihood; in `fit`,
            on arrays of pictures out of range.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import GatedPixelCNN
    >>> network = GatedPixelCNN((3, 3), 4, entries=4, filters=4, num_layers=1)
    >>> model = PixelCNN(network)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 3, 3), "int32"), verbose=0)
    >>> sorted(history.history)
    ['bits_per_dimension', 'loss']
    >>> model.generate(2, seed=0).shape
    (2, 3, 3)

    Reference:
        [van den Oord et al., 2016](https://arxiv.org/abs/1601.06759)
    """

    parts = ("bits_per_dimension",)
    generation_options = ()

    def __init__(
        self,
        network,
        likelihood="categorical",
        num_classes=None,
        label_dropout=0.1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not 0 <= label_dropout < 1:
            raise ValueError(
                f"`label_dropout` must be in [0, 1). Received: {label_dropout=}"
            )
        check_classes(network, "pictures", num_classes)
        self.network = network
        self.likelihood = likelihood
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.picture_shape = input_shape_of(network, "pictures")
        said = output_of(network).shape
        if likelihood == "categorical":
            levels = said[-1]
            self.nll = CategoricalNLL(levels, (0, levels - 1))
        else:
            self.nll = likelihood_of(likelihood)
        channels = (*self.picture_shape, 1)[2]
        expected = channels * self.nll.parameters_per_value
        if said[-1] != expected:
            raise ValueError(
                f"The network must say {expected} numbers of a place, "
                f"{self.nll.parameters_per_value} a value. "
                f"Received: {said[-1]}"
            )
        self.picture_range = getattr(self.nll, "value_range", (0.0, 1.0))
        self.seed_generator = keras.random.SeedGenerator()
        self.loop = RasterLoop(self)
        self.built = True

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["pictures"], inputs["labels"]
        return self.network(
            with_labels("pictures", inputs, labels, self.num_classes),
            training=training,
        )

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["pictures"]
        return (input_shape[0], *output_of(self.network).shape[1:])

    def say(self, pictures, labels, training=False):
        """Parameters of the likelihood of each place; float32."""
        told = with_labels("pictures", pictures, labels, self.num_classes)
        return ops.cast(self.network(told, training=training), "float32")

    def objective(self, x, y, training):
        labels = None
        if self.num_classes:
            hidden = self.label_dropout if training else 0.0
            seed = self.seed_generator if training else 1
            labels = learnt_labels(y, self.num_classes, hidden, seed)
        said = self.say(x, labels, training)
        values = ops.cast(x, "float32")
        if len(self.picture_shape) == 2:
            values = ops.expand_dims(values, -1)
        nats = self.nll.call(values, said)
        dimensions = math.prod(self.picture_shape)
        return {
            "loss": nats,
            "bits_per_dimension": nats / (dimensions * math.log(2)),
        }

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        check_range(x, *self.picture_range)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, seed=None):
        """Draws pictures place by place, in one compiled loop.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            seed: int or None. The same seed gives the same pictures.

        Returns:
            Float32 array `(count, height, width, channels)`, or int32
            `(count, height, width)`.
        """
        return self.loop(
            count, asked_labels(count, labels, self.num_classes), seed
        )

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "network": serialize(self.network),
            "likelihood": serialize(self.likelihood),
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("network", "likelihood"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)
