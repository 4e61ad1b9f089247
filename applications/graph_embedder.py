import csv
from pathlib import Path

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import graph_embedder_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.logistic_weights import logistic_weights
from keras_nn.applications.node_files import names_of
from keras_nn.applications.node_files import read_known_graph
from keras_nn.applications.node_files import read_labelled_nodes
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import LinkSplit
from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import WalkBatches
from keras_nn.data.graphs import pack


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphEmbedder(GenerativeApplication):
    """A vector for every node of a graph, learned without labels.

    Where some labels are known, a logistic regression on the vectors (the
    probe) is fitted behind the training, and tells what they hold.

    Args:
        network: model that knows its loss: `keras_nn.models.Node2Vec`, `DGI`,
            `GAE` or `VGAE`.
        num_classes: int or None. Classes of the probe; None for none.
            Defaults to None.
        class_names: list of str or None. Saved with the model.
        node_names: list of str or None. Saved with the model, so that files
            name nodes as those it was trained on did.
        walks: dict or None. Arguments of `keras_nn.data.graphs.WalkBatches`
            that `Node2Vec` is trained with. Defaults to None: its own.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: what the network takes.

    Returns:
        What the network gives; `embed` gives the vectors of a graph.

    Raises:
        ValueError: if the network is none of these.

    Example:

    >>> from keras_nn.models import DGI, GCN
    >>> club = data.load("karate-club")
    >>> encoder = GCN(34, 8, units=[], classifier_activation=None)
    >>> app = GraphEmbedder(DGI(encoder), num_classes=2)
    >>> app.compile()
    >>> history = app.fit(club, epochs=1, verbose=0)
    >>> app.embed(club.test.graph).shape
    (34, 8)
    """

    def __init__(
        self,
        network,
        num_classes=None,
        class_names=None,
        node_names=None,
        walks=None,
        **kwargs,
    ):
        if not hasattr(network, "units") or not (
            hasattr(network, "link_loss") or hasattr(network, "objective")
        ):
            raise ValueError(
                "`network` must give vectors of nodes and know its loss, such "
                f"as Node2Vec, DGI or GAE. Received: {type(network).__name__}"
            )
        super().__init__(**kwargs)
        self.network = network
        self.num_classes = num_classes
        self.class_names = class_names and [str(n) for n in class_names]
        self.node_names = node_names and [str(n) for n in node_names]
        self.walks = walks and dict(walks)
        self.probe = None
        if num_classes is not None:
            self.probe = keras.layers.Dense(
                num_classes, activation="softmax", trainable=False, name="probe"
            )
            self.probe.build((None, network.units))
        # Training calls the network alone.
        self.built = True

    @property
    def generator(self):
        return self.network

    @property
    def is_transductive(self):
        """bool. Whether the network knows its own nodes alone."""
        return hasattr(self.network, "num_nodes")

    def scaled(self, x):
        return x

    def build(self, input_shape):
        pass  # the network has its weights from the beginning

    def call(self, inputs, training=None):
        return self.network(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.network.compute_output_shape(input_shape)

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": keras.saving.serialize_keras_object(self.network),
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "node_names": self.node_names,
            "walks": self.walks,
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
    def read_data(cls, path, recipe, seed, settings):
        if recipe is not None and recipe.name in recipes.FILES:
            return data.load(recipe.data, path=path, seed=seed)
        return read_labelled_nodes(path).splits(path, seed)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        train = splits.train
        network = recipe.network(
            train.shape[0], len(train.graph["node_features"])
        )
        walks = None
        if hasattr(network, "context"):  # it is trained on walks
            walks = {**recipes.WALKS, "batch_size": batch_size}
        app = cls(
            network,
            splits.num_classes,
            splits.class_names,
            names_of(splits),
            walks,
        )
        steps = epochs * app.batches(train.graph).num_batches
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-2)

    def batches(self, graph):
        """What the network is trained on, of a graph: `OrderedBatches`."""
        if hasattr(self.network, "context"):
            return WalkBatches(graph, **(self.walks or {}))
        if hasattr(self.network, "link_loss"):
            edges = np.asarray(graph["edge_index"]).reshape(-1, 2)
            links = LinkSplit(graph, edges, np.ones(len(edges), "int64"))
            return links.ordered()
        return data.WholeBatch((pack([graph]),))

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be a `NodeSplit`, or `data.Splits` of them.

        Labels of the training part are for the probe alone.
        """
        if isinstance(x, data.Splits):
            x = x.train
        split = x if isinstance(x, NodeSplit) else None
        if split is not None:
            x, batch_size, validation_data = self.batches(x.graph), None, None
        history = super().fit(
            x, y, batch_size, *args, validation_data=validation_data, **kwargs
        )
        if split is not None and self.probe is not None:
            self.fit_probe(split)
        return history

    def embed(self, graph):
        """The vectors of all nodes of a graph.

        Args:
            graph: dict, see `keras_nn.data.graphs.check_graph`; for a network
                that knows its own nodes alone, as `Node2Vec`, that graph.

        Returns:
            A float32 array `(nodes, units)`.
        """
        nodes = len(graph["node_features"])
        if not self.is_transductive:
            return np.asarray(self.network(pack([graph]), training=False)[0])
        if nodes != self.network.num_nodes:
            raise ValueError(
                f"The network knows the {self.network.num_nodes} nodes that it "
                f"was trained on. Received: a graph of {nodes} nodes"
            )
        return np.asarray(self.network(np.arange(nodes)))

    def fit_probe(self, split):
        """Fits the logistic regression on the nodes of a split that count."""
        features = self.embed(split.graph)[split.mask]
        labels = split.y[split.mask]
        self.probe.set_weights(
            logistic_weights(features, labels, self.num_classes)
        )

    def probabilities(self, graph):
        """What the probe says of all nodes: array `(nodes, classes)`."""
        return np.asarray(self.probe(self.embed(graph)))

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As Keras's; of a `NodeSplit` the accuracy of the probe, too."""
        if not isinstance(x, NodeSplit):
            return super().evaluate(x, y, batch_size, *args, **kwargs)
        as_dict = kwargs.pop("return_dict", False)
        found = super().evaluate(
            self.batches(x.graph), None, None, *args, return_dict=True, **kwargs
        )
        if self.probe is not None:
            found["accuracy"] = float(self.example_scores(x)["accuracy"].mean())
        return found if as_dict else [*found.values()]

    def example_scores(self, split):
        if self.probe is None:
            return {}
        predicted = self.probabilities(split.graph).argmax(axis=1)
        return {"accuracy": 1.0 * (predicted == split.y)[split.mask]}

    def read_test(self, path, settings):
        return self._read(path).whole()

    writes_files = True

    def predict_path(self, path, top=1, folder="."):
        """Writes `embeddings.csv`: the name of each node, and its vector."""
        nodes = self._read(path)
        vectors = self.embed(nodes.graph)
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "embeddings.csv"
        with open(file, "w", newline="") as opened:
            rows = csv.writer(opened)
            rows.writerow(["node", *range(vectors.shape[1])])
            for name, vector in zip(nodes.names, vectors, strict=True):
                rows.writerow([name, *(f"{value:.6g}" for value in vector)])
        count, units = vectors.shape
        return [{"nodes": count, "units": units, "file": str(file)}]

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        found = super().inspectors(log_dir, validation_data, every, hparams)
        if isinstance(validation_data, NodeSplit):
            found.append(
                callbacks.NodeProjector(
                    log_dir, validation_data, class_names=self.class_names
                )
            )
        return found

    def input_signature(self):
        raise WrongRequest(
            "A GraphEmbedder writes its vectors, by `predict`, and is not "
            f"exported. Received: {self.name}"
        )

    def _read(self, path):
        known = self.node_names if self.is_transductive else None
        return read_known_graph(path, known)
