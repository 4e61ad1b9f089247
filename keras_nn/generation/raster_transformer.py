import math

import keras
import numpy as np
from keras import ops

from keras_nn.generation.sampling import Sampler
from keras_nn.generation.token_generator import TokenGenerator
from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import seed_or_fresh
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class RasterTransformer(ObjectiveModel):
    """Maps of indices, drawn by a language model in the order of reading.

    `loss = -log p(x | label) = -sum_i log p(x_i | start, x_1 ... x_(i-1))`,
    where the token `start` stands for the class, the last one for any.

    `fit(maps)`, or `fit(maps, labels)` with classes. No loss is compiled.
    Logs hold `loss`, nats an example, and `bits_per_dimension`. A prior of
    the codes of a `VQVAE`; see `CodeGenerator`.

    Args:
        network: `keras_nn.models.CausalDecoder`, such as `GPT2`, of `entries
            + (num_classes or 0) + 1` tokens and a context of at least one
            more than a map has places.
        map_shape: tuple `(height, width)`.
        entries: int. Number of indices.
        num_classes: int or None. Number of classes that maps are asked by.
        label_dropout: float. Share of labels hidden in training. Defaults to
            0.1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: ints `(batch, height, width)`, or with classes a dict of them
            as `pictures` and of `labels`.

    Returns:
        Logits of each place given those before it, `(batch, height, width,
        entries)`.

    Raises:
        ValueError: On a network of other tokens or of too short a context; in
            `fit`, on indices out of range.

    Example:

    >>> from keras_nn.models import GPT2
    >>> network = GPT2(5, 5, num_layers=1, num_heads=1, width=8)
    >>> model = RasterTransformer(network, (2, 2), entries=4)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 2, 2), "int32"), verbose=0)
    >>> model.generate(3, seed=0).shape
    (3, 2, 2)

    Reference:
        [Esser et al., 2021](https://arxiv.org/abs/2012.09841), section 3.2
    """

    parts = ("bits_per_dimension",)
    generation_options = ("temperature", "top_k")

    def __init__(
        self,
        network,
        map_shape,
        entries,
        num_classes=None,
        label_dropout=0.1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not 0 <= label_dropout < 1:
            raise ValueError(
                f"`label_dropout` must be in [0, 1). Received: {label_dropout=}"
            )
        tokens = entries + (num_classes or 0) + 1
        places = math.prod(map_shape)
        if network.vocabulary_size != tokens or network.context_length <= (
            places
        ):
            raise ValueError(
                f"The network must have {tokens} tokens and a context of at "
                f"least {places + 1}. Received: {network.vocabulary_size} "
                f"tokens and a context of {network.context_length}"
            )
        self.network = network
        self.map_shape = tuple(map_shape)
        self.entries = entries
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.picture_shape = self.map_shape
        self.picture_range = (0, entries - 1)
        self.seed_generator = keras.random.SeedGenerator()
        self.writers = _Writers(self)
        self.built = True

    def call(self, inputs, training=None):
        labels = None
        if isinstance(inputs, dict):
            inputs, labels = inputs["pictures"], inputs["labels"]
        return self.say(inputs, labels, training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["pictures"]
        return (*input_shape, self.entries)

    def say(self, maps, labels=None, training=False):
        """Logits of each place given those before it."""
        batch, places = ops.shape(maps)[0], math.prod(self.map_shape)
        if labels is None:
            labels = ops.full((batch,), self.num_classes or 0)
        start = self.entries + ops.cast(labels, "int32")[:, None]
        flat = ops.reshape(ops.cast(maps, "int32"), (-1, places))
        ids = ops.concatenate([start, flat[:, :-1]], axis=1)
        logits = self.network(ids, training=training)[..., : self.entries]
        return ops.reshape(logits, (-1, *self.map_shape, self.entries))

    def objective(self, x, y, training):
        labels = None
        if self.num_classes:
            hidden = self.label_dropout if training else 0.0
            seed = self.seed_generator if training else 1
            labels = learnt_labels(y, self.num_classes, hidden, seed)
        logits = ops.cast(self.say(x, labels, training), "float32")
        nats = ops.sparse_categorical_crossentropy(
            ops.cast(x, "int32"), logits, from_logits=True
        )
        nats = ops.sum(nats, axis=(1, 2))
        bits = nats / (math.prod(self.map_shape) * math.log(2))
        return {"loss": nats, "bits_per_dimension": bits}

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        check_range(x, *self.picture_range)
        return super().fit(x, y, *args, **kwargs)

    def generate(
        self, count, labels=None, temperature=1.0, top_k=None, seed=None
    ):
        """Draws maps index by index, in one compiled loop with a cache.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            temperature: float. Below 1 maps are more usual. Defaults to 1.
            top_k: int or None. Only so many of the likeliest indices are
                drawn.
            seed: int or None. The same seed gives the same maps.

        Returns:
            Int32 array `(count, height, width)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        if labels is None:
            labels = np.full(count, self.num_classes or 0)
        write = self.writers.of(temperature, top_k)
        texts = write(
            [[self.entries + int(label)] for label in labels],
            max_new_tokens=math.prod(self.map_shape),
            seed=seed_or_fresh(seed),
        )
        return np.array(texts, "int32").reshape(-1, *self.map_shape)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        return {
            **super().get_config(),
            "network": keras.saving.serialize_keras_object(self.network),
            "map_shape": self.map_shape,
            "entries": self.entries,
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})


class _Writers:
    """Token generators that never draw a class; keeps what is compiled."""

    def __init__(self, model):
        self.model = model
        self.made = {}

    def of(self, temperature, top_k):
        key = temperature, top_k
        if key not in self.made:
            network = self.model.network
            sampler = Sampler(
                temperature=temperature,
                top_k=top_k,
                forbidden=tuple(
                    range(self.model.entries, network.vocabulary_size)
                ),
            )
            self.made[key] = TokenGenerator(network, sampler, jit_compile=False)
        return self.made[key]
