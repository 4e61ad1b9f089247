import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.ops import segment_mean
from keras_nn.ops import take_rows
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class DGI(ObjectiveModel):
    """Codes of nodes that tell their graph from a shuffled one.

    `loss = mean of -log D(z, s) + mean of -log(1 - D(z', s))`, with
    `D(z, s) = sigmoid(z W s)`, the summary `s = sigmoid(mean of z)` of the
    graph of a node, and codes `z'` of the graph whose nodes have exchanged
    their features

    `fit(packs)`, without labels; no loss is compiled. `evaluate` shuffles the
    same way each time.

    Args:
        encoder: `keras.Model` from packs of graphs to a code of every node,
            such as `GCN(features, units, classifier_activation=None)`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Codes of nodes, of shape `(packs, nodes, units)`.

    Example:

    >>> from keras_nn import data
    >>> from keras_nn.data.graphs import pack
    >>> from keras_nn.models import GCN
    >>> packs = pack([data.load("karate-club").train.graph])
    >>> model = DGI(GCN(34, 8, units=[8], classifier_activation=None))
    >>> model.compile("adam")
    >>> history = model.fit(packs, verbose=0)
    >>> tuple(model(packs).shape)
    (1, 34, 8)

    Reference:
        [Velickovic et al., 2019](https://arxiv.org/abs/1809.10341)
    """

    def __init__(self, encoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.seed_generator = keras.random.SeedGenerator()
        self.kernel = self.add_weight(
            name="kernel", shape=(self.units, self.units)
        )
        self.built = True

    @property
    def units(self):
        """int. Size of a code."""
        return self.encoder.output_shape[-1]

    def call(self, inputs, training=None):
        return self.encoder(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return (*input_shape["node_features"][:-1], self.units)

    def objective(self, x, y, training):
        codes = self.encoder(x, training=training)
        seed = self.seed_generator if training else 0
        shuffled = {**x, "node_features": shuffled_features(x, seed)}
        others = self.encoder(shuffled, training=training)
        return {"loss": self.contrast(x, codes, others)}

    def contrast(self, x, codes, others):
        """The loss of every pack, `(packs,)`, of codes and shuffled codes."""
        graph = FlatGraph.of({**x, "node_features": codes})
        ids, count = graph.graph_ids()
        nodes = ops.cast(graph.nodes, "float32")
        others = ops.reshape(ops.cast(others, "float32"), (-1, self.units))
        summary = ops.sigmoid(segment_mean(nodes, ids, count))
        wanted = ops.matmul(summary, ops.transpose(self.kernel))
        wanted = take_rows(wanted, ids)
        surprise = ops.softplus(-ops.sum(nodes * wanted, axis=-1))
        surprise = surprise + ops.softplus(ops.sum(others * wanted, axis=-1))
        known = ops.cast(ids < count, "float32")
        packs = ops.shape(codes)[0]
        surprise = ops.reshape(surprise * known, (packs, -1))
        known = ops.sum(ops.reshape(known, (packs, -1)), axis=-1)
        return ops.sum(surprise, axis=-1) / ops.maximum(known, 1.0)

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


def shuffled_features(graph, seed):
    """`node_features` in another order within every graph; padding stays.

    Args:
        graph: dict of packs.
        seed: int or `keras.random.SeedGenerator`.

    Returns:
        A tensor of the shape of `node_features`.
    """
    flat = FlatGraph.of(graph)
    ids, count = flat.graph_ids()
    drawn = keras.random.uniform(ops.shape(ids), dtype="float32", seed=seed)
    # Rows sorted by graph, in their order and in a drawn one.
    here = ops.argsort(ids)
    mixed = ops.argsort(drawn)
    there = ops.take(mixed, ops.argsort(ops.take(ids, mixed)))
    place = ops.argsort(here)
    nodes = ops.take(flat.nodes, ops.take(there, place), axis=0)
    known = ops.expand_dims(ids < count, -1)
    nodes = ops.where(known, nodes, flat.nodes)
    return ops.reshape(nodes, ops.shape(graph["node_features"]))
