import keras
from keras import ops

from keras_nn.models.graph.gae import GAE

LARGEST_LOG_DEVIATION = 10.0


@keras.saving.register_keras_serializable(package="keras_nn")
class VGAE(GAE):
    """A variational graph autoencoder: codes of nodes with a density.

    The loss of `GAE` for drawn codes `z = mean + exp(log deviation) * noise`,
    plus `beta / nodes * mean over nodes of KL(q(z) || N(0, 1))`

    Outside of training codes are their means.

    Args:
        encoder: `keras.Model` from packs of graphs to `2 * units` numbers a
            node: means, then logarithms of deviations, of which more than 10
            counts as 10.
        beta: float. Weight of the divergence. Defaults to 1.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: dict, as of `GAE`.

    Returns:
        As of `GAE`.

    Raises:
        ValueError: if the encoder gives an odd number of features.

    Example:

    >>> from keras_nn import data
    >>> from keras_nn.data.graphs import random_link_split
    >>> from keras_nn.models import GCN
    >>> club = data.load("karate-club").train.graph
    >>> split = random_link_split(club).train
    >>> model = VGAE(GCN(34, 8, units=[8], classifier_activation=None))
    >>> model.compile("adam")
    >>> history = model.fit(split.ordered(), verbose=0)
    >>> x, _, _ = split.arrays()
    >>> del x["link_index"]
    >>> tuple(model(x).shape)
    (1, 34, 4)

    Reference:
        [Kipf and Welling, 2016](https://arxiv.org/abs/1611.07308)
    """

    def __init__(self, encoder, beta=1.0, **kwargs):
        super().__init__(encoder, **kwargs)
        if encoder.output_shape[-1] % 2:
            raise ValueError(
                "`encoder` must give means and log deviations, an even number "
                f"of features. Received: {encoder.output_shape[-1]}"
            )
        self.beta = beta
        self.seed_generator = keras.random.SeedGenerator()

    @property
    def units(self):
        """int. Size of a code."""
        return self.encoder.output_shape[-1] // 2

    def encode(self, inputs, training=None):
        said = self.encoder(inputs, training=training)
        mean, log_deviation = ops.split(said, 2, axis=-1)
        log_deviation = ops.minimum(log_deviation, LARGEST_LOG_DEVIATION)
        self.add_loss(self._divergence(inputs, mean, log_deviation))
        if not training:
            return mean
        noise = keras.random.normal(
            ops.shape(mean), dtype=mean.dtype, seed=self.seed_generator
        )
        return mean + ops.exp(log_deviation) * noise

    def _divergence(self, inputs, mean, log_deviation):
        """The part of the loss that codes cost: a scalar, the mean of packs."""
        mean = ops.cast(mean, "float32")
        log_deviation = ops.cast(log_deviation, "float32")
        nats = ops.square(mean) + ops.exp(2 * log_deviation)
        nats = 0.5 * ops.sum(nats - 1 - 2 * log_deviation, axis=-1)
        mask = ops.ones_like(nats)
        if "node_mask" in inputs:
            mask = ops.cast(inputs["node_mask"], "float32")
        nodes = ops.maximum(ops.sum(mask, axis=-1), 1.0)
        total = ops.sum(ops.where(mask > 0, nats, 0.0), axis=-1)
        return self.beta * ops.mean(total / ops.square(nodes))

    def get_config(self):
        return {**super().get_config(), "beta": self.beta}
