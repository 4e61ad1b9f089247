import keras

from keras_nn.models.graph.link_network import LinkNetwork
from keras_nn.models.graph.link_network import reconstruction


@keras.saving.register_keras_serializable(package="keras_nn")
class GAE(LinkNetwork):
    """A graph autoencoder: nodes whose codes are near have an edge.

    `p(edge (s, t)) = sigmoid(z[s] . z[t])`, `z = encoder(graph)`; the loss is
    `mean over edges of -log p + mean over drawn pairs of -log(1 - p)`

    `fit(split.ordered())` or `fit(*arrays)` of a
    `keras_nn.data.graphs.LinkSplit`; no loss is compiled. Metrics take
    logits: `keras.metrics.AUC(from_logits=True)`.

    Args:
        encoder: `keras.Model` from packs of graphs to a code of every node,
            such as `GCN(features, units, classifier_activation=None)`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`, and perhaps
            `link_index` of shape `(packs, links, 2)`.

    Returns:
        Log odds of shape `(packs, links)`, or without `link_index` the codes
        of nodes, `(packs, nodes, units)`.

    Example:

    >>> from keras_nn import data
    >>> from keras_nn.data.graphs import random_link_split
    >>> from keras_nn.models import GCN
    >>> club = data.load("karate-club").train.graph
    >>> split = random_link_split(club).train
    >>> model = GAE(GCN(34, 4, units=[8], classifier_activation=None))
    >>> model.compile("adam")
    >>> history = model.fit(split.ordered(), verbose=0)
    >>> x, y, weights = split.arrays()
    >>> tuple(model(x).shape)
    (1, 112)

    Reference:
        [Kipf and Welling, 2016](https://arxiv.org/abs/1611.07308)
    """

    def __init__(self, encoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.built = True

    @property
    def units(self):
        """int. Size of a code."""
        return self.encoder.output_shape[-1]

    def encode(self, inputs, training=None):
        return self.encoder(inputs, training=training)

    def link_loss(self, y, logits, weights):
        return reconstruction(y, logits, weights)

    def get_config(self):
        return {
            **super().get_config(),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        encoder = keras.saving.deserialize_keras_object(
            config["encoder"], custom_objects
        )
        return cls(**{**config, "encoder": encoder})
