import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import link_predictor_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.application import Application
from keras_nn.applications.likeliest_links import likeliest
from keras_nn.applications.node_files import names_of
from keras_nn.applications.node_files import read_graph
from keras_nn.applications.node_files import read_known_graph
from keras_nn.applications.node_files import read_pairs
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import LinkSplit
from keras_nn.data.graphs import pack

# Log odds at which the curves are computed: scores of links crowd near 1.
THRESHOLDS = (1 / (1 + np.exp(-np.linspace(-12, 12, 400)))).tolist()


@keras.saving.register_keras_serializable(package="keras_nn")
class LinkPredictor(Application):
    """Which nodes of a graph will meet? Pairs of nodes to log odds.

    `log odds(s, t) = z[s] . z[t]`, `z` the codes that the network gives nodes

    Trains on edges that are there and on as many pairs that are not, drawn
    anew in every pass; the loss is the network's own.

    Args:
        network: model that knows its loss, such as `keras_nn.models.GAE`,
            `VGAE` or `LightGCN`.
        node_names: list of str or None. Saved with the model, so that files
            name nodes as those it was trained on did.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`, with `link_index` of
            shape `(packs, links, 2)`.

    Returns:
        Log odds of shape `(packs, links)`.

    Raises:
        ValueError: if the network judges no links.

    Example:

    >>> from keras_nn.models import GAE, GCN
    >>> club = LinkPredictor.arranged(data.load("karate-club"), seed=0)
    >>> encoder = GCN(34, 4, units=[8], classifier_activation=None)
    >>> app = LinkPredictor(GAE(encoder))
    >>> app.compile()
    >>> history = app.fit(club, epochs=1, verbose=0)
    >>> app.score_links(club.test.graph, [[0, 33], [4, 5]]).shape
    (2,)
    """

    def __init__(self, network, node_names=None, **kwargs):
        if not hasattr(network, "link_loss"):
            raise ValueError(
                "`network` must judge links and know its loss, such as GAE. "
                f"Received: {type(network).__name__}"
            )
        super().__init__(**kwargs)
        self.network = network
        self.node_names = node_names and [str(n) for n in node_names]

    def build(self, input_shape):
        pass  # the network has its weights from the beginning

    def call(self, inputs, training=None):
        return self.network(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.network.compute_output_shape(input_shape)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        return self.network.compute_loss(x, y, y_pred, sample_weight, training)

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": keras.saving.serialize_keras_object(self.network),
            "node_names": self.node_names,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})

    @classmethod
    def default_settings(cls):
        return {**optimization.SETTINGS, "learning_rate": 1e-2}

    @classmethod
    def setting_choices(cls):
        return optimization.CHOICES

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def arranged(cls, splits, seed):
        """Edges of the graph of a named set, some of them hidden."""
        return recipes.hide_links(splits.train.graph, seed, splits)

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe is not None and recipe.name in recipes.FILES:
            splits = data.load(recipe.data, path=path, seed=seed)
            return cls.arranged(splits, seed)
        nodes = read_graph(path)
        splits = data.Splits(
            None,
            None,
            None,
            name=str(path).rsplit("/", maxsplit=1)[-1],
            source=str(path),
            description=f"A graph of {len(nodes.names)} nodes.",
            feature_names=nodes.feature_names,
        )
        return recipes.hide_links(nodes.graph, seed, splits)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        train = splits.train
        network = recipe.network(
            train.shape[0], len(train.graph["node_features"])
        )
        app = cls(network, node_names=names_of(splits))
        positive = int((train.y > 0).sum())
        steps = epochs * -(-positive // min(batch_size, positive))
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-2)

    def default_loss(self):
        return None  # the network knows its own

    def default_metrics(self):
        def area(name, curve):
            return keras.metrics.AUC(
                curve=curve, thresholds=THRESHOLDS, from_logits=True, name=name
            )

        return [area("auc", "ROC"), area("average_precision", "PR")]

    def compile(self, *args, metrics=None, weighted_metrics="auto", **kwargs):
        """As Keras's; the default metrics are weighted, and pass padding by.

        Args:
            *args: as of `Application.compile`.
            metrics: as in Keras; they see padding, too.
            weighted_metrics: `"auto"` or what Keras accepts.
            **kwargs: as of `Application.compile`.
        """
        if isinstance(weighted_metrics, str) and weighted_metrics == "auto":
            weighted_metrics = self.default_metrics()
        super().compile(
            *args, metrics=metrics, weighted_metrics=weighted_metrics, **kwargs
        )

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be a `LinkSplit`, or `data.Splits` of them."""
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        if isinstance(x, LinkSplit):
            packs = self.distribute_strategy.num_replicas_in_sync
            if batch_size is not None:
                batch_size = -(-batch_size // packs) * packs
            x = x.ordered(batch_size, shuffle=True, packs=packs)
            batch_size = None
        if isinstance(validation_data, LinkSplit):
            validation_data = data.WholeBatch(validation_data.arrays())
        return super().fit(
            x, y, batch_size, *args, validation_data=validation_data, **kwargs
        )

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `LinkSplit`."""
        if isinstance(x, LinkSplit):
            x = data.WholeBatch(x.arrays())
        return super().evaluate(x, y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `LinkSplit`."""
        if isinstance(x, LinkSplit):
            x = x.arrays()[0]
        return super().predict(x, batch_size, *args, **kwargs)

    def codes(self, graph):
        """The codes of all nodes of a graph: float32 array `(nodes, units)`."""
        return np.asarray(self.network(pack([graph]), training=False)[0])

    def score_links(self, graph, links):
        """How likely pairs of nodes are joined.

        Args:
            graph: dict, see `keras_nn.data.graphs.check_graph`.
            links: int array `(links, 2)`.

        Returns:
            Probabilities, a float32 array `(links,)`.
        """
        source, target = np.asarray(links, "int64").reshape(-1, 2).T
        codes = self.codes(graph)
        return _sigmoid((codes[source] * codes[target]).sum(axis=1))

    def new_links(self, graph, top=10):
        """For every node the likeliest links that are not there.

        Args:
            graph: dict, see `keras_nn.data.graphs.check_graph`.
            top: int. How many a node, at most as many as there are others.

        Returns:
            `(nodes, probabilities)`: arrays `(nodes, top)`, best first; -1
            and 0 where a node is joined to all others.
        """
        best, odds = likeliest(self.codes(graph), graph["edge_index"], top)
        return best, np.where(best < 0, 0, _sigmoid(odds))

    def read_test(self, path, settings):
        # The network has not seen the hidden edges of another graph.
        return recipes.hide_links(self._read(path).graph, 0, None).test

    def predict_path(self, path, top=1):
        nodes = self._read(path)
        names = nodes.names
        pairs = read_pairs(path, names)
        if pairs is not None:
            scores = self.score_links(nodes.graph, pairs)
            return [
                {
                    "source": names[source],
                    "target": names[target],
                    "probability": round(float(score), 4),
                }
                for (source, target), score in zip(pairs, scores, strict=True)
            ]
        best, scores = self.new_links(nodes.graph, top)
        return [
            {
                "node": names[node],
                "rank": rank + 1,
                "link": names[other],
                "probability": round(float(scores[node, rank]), 4),
            }
            for node, row in enumerate(best)
            for rank, other in enumerate(row)
            if other >= 0
        ]

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        found = super().inspectors(log_dir, validation_data, every, hparams)
        if isinstance(validation_data, LinkSplit):
            found.append(callbacks.LinkScores(log_dir, validation_data, every))
        return found

    def input_signature(self):
        raise WrongRequest(
            "A LinkPredictor is used with a graph at hand and is not exported; "
            f"save it as `.keras`. Received: {self.name}"
        )

    def _read(self, path):
        return read_known_graph(path, self.node_names)


def _sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))
