import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import node_classifier_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.graph_application import GraphApplication
from keras_nn.applications.node_files import read_labelled_nodes
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import normalize_features
from keras_nn.explain import EdgeGates
from keras_nn.models import predict_by_layers

INSPECTED = 20_000  # nodes that instruments look at whole


@keras.saving.register_keras_serializable(package="keras_nn")
class NodeClassifier(GraphApplication):
    """Nodes of a graph to labels, some of which are known.

    `p = network(graph)`; the loss is the mean over the nodes that count

    Trains on whole graphs: a batch is a pack, and which nodes count is told
    by sample weights, as `keras_nn.data.graphs.NodeSplit.arrays` gives them.

    Args:
        network: `keras.Model` from packs of graphs to the probabilities of
            the classes of every node, of shape `(packs, nodes, classes)`,
            such as `keras_nn.models.GCN`.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        normalize_features: bool. Whether to scale the features of a node to
            the sum 1 first. Defaults to False.
        fan_outs: list of int or None. `fit` then trains on `batch_size` nodes
            at once and so many neighbours drawn around each, for every layer
            of the network, however large the graph; see
            `keras_nn.data.graphs.NeighborSampler`. Defaults to None: on the
            whole graph.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Probabilities of shape `(packs, nodes, classes)`.

    Raises:
        ValueError: if the network gives no scores of nodes, names do not
            fit, or an edge leads to a node that is not there.

    Example:

    >>> from keras_nn.models import GCN
    >>> club = data.load("karate-club")
    >>> app = NodeClassifier(GCN(features=34, classes=2))
    >>> app.compile()
    >>> history = app.fit(club, epochs=2, verbose=0)
    >>> app.predict(club.test, verbose=0).shape
    (1, 34, 2)
    """

    def __init__(
        self,
        network,
        class_names=None,
        normalize_features=False,
        fan_outs=None,
        **kwargs,
    ):
        shape = getattr(network, "output_shape", None)
        if not isinstance(shape, tuple) or len(shape) != 3 or shape[-1] < 2:
            raise ValueError(
                "`network` must give scores of shape (packs, nodes, classes), "
                f"of two classes at least. Received: {shape}"
            )
        if class_names is not None and len(class_names) != shape[-1]:
            raise ValueError(
                f"`class_names` must name all of the {shape[-1]} classes. "
                f"Received: {len(class_names)} names"
            )
        super().__init__(network, normalize_features, **kwargs)
        self.class_names = class_names and [str(n) for n in class_names]
        self.fan_outs = None if fan_outs is None else list(fan_outs)

    def get_config(self):
        return {
            **super().get_config(),
            "class_names": self.class_names,
            "fan_outs": self.fan_outs,
        }

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "learning_rate": 1e-2,
            "normalize_features": False,
            "fan_outs": None,
        }

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
        app = cls(
            recipe.network(splits.train.shape[0], splits.num_classes),
            class_names=splits.class_names,
            normalize_features=settings["normalize_features"],
            fan_outs=settings["fan_outs"],
        )
        steps = epochs
        if app.fan_outs is not None:
            steps *= -(-len(splits.train) // batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-2)

    def default_loss(self):
        return keras.losses.SparseCategoricalCrossentropy(
            reduction="mean_with_sample_weight"
        )

    def default_metrics(self):
        return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be a `NodeSplit`, or `data.Splits` of them."""
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        if isinstance(x, NodeSplit):
            if self.fan_outs is None:
                x = self._batches(x)
            else:
                x = x.sampled(
                    self.fan_outs,
                    batch_size or 128,
                    shuffle=True,
                    packs=self.distribute_strategy.num_replicas_in_sync,
                )
            batch_size = None
        if isinstance(validation_data, NodeSplit):
            validation_data = self._batches(validation_data)
        return super().fit(
            self.checked(x),
            y,
            batch_size,
            *args,
            validation_data=validation_data,
            **kwargs,
        )

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `NodeSplit`."""
        if isinstance(x, NodeSplit):
            x, y, kwargs["sample_weight"] = x.arrays()
        return super().evaluate(self.checked(x), y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `NodeSplit`."""
        if isinstance(x, NodeSplit):
            x = x.arrays()[0]
        return super().predict(self.checked(x), batch_size, *args, **kwargs)

    def predict_by_layers(self, split, nodes_per_step=4096):
        """The scores of all nodes of a graph too large for one forward pass.

        Args:
            split: `NodeSplit`.
            nodes_per_step: int. As of `keras_nn.models.predict_by_layers`.

        Returns:
            An array of shape `(nodes, classes)`, as `predict` gives in a
            batch of one.
        """
        graph = split.graph
        if self.normalize_features:
            graph = normalize_features(graph)
        return predict_by_layers(self.network, graph, nodes_per_step)

    def example_scores(self, split):
        predicted = self._scores(split).argmax(axis=-1)
        right = predicted == split.y
        return {"accuracy": 1.0 * right[split.mask]}

    def read_test(self, path, settings):
        nodes = read_labelled_nodes(path)
        # The classes of the model, in its order.
        known = {name: n for n, name in enumerate(self._names())}
        if unknown := sorted(set(nodes.class_names) - set(known)):
            raise WrongRequest(
                f"The model knows the classes {', '.join(known)}. Received: "
                f"{', '.join(unknown)}"
            )
        order = np.array([known[name] for name in nodes.class_names] + [-1])
        split = nodes.whole()
        return self._of_kind(NodeSplit(split.graph, order[split.y], split.mask))

    def predict_path(self, path, top=1):
        nodes = read_labelled_nodes(path)
        every = np.ones(len(nodes.y), bool)
        split = self._of_kind(NodeSplit(nodes.graph, nodes.y, every))
        scores = self._scores(split)
        names = self._names()
        return [
            {
                "node": nodes.names[node],
                "rank": rank + 1,
                "label": names[label],
                "probability": round(float(scores[node, label]), 4),
            }
            for node, row in enumerate((-scores).argsort(axis=1)[:, :top])
            for rank, label in enumerate(row)
        ]

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        found = super().inspectors(log_dir, validation_data, every, hparams)
        split = validation_data
        if not isinstance(split, NodeSplit) or len(split.y) > INSPECTED:
            return found
        found += [
            callbacks.DirichletEnergy(log_dir, split, every),
            callbacks.ErrorByDegree(log_dir, split, every),
            callbacks.NodeProjector(log_dir, split, self.class_names),
            callbacks.GraphDrawings(log_dir, split, self.class_names),
        ]
        if EdgeGates(self).attends:
            found.append(callbacks.AttentionHistograms(log_dir, split, every))
        return found

    def _scores(self, split):
        """Scores `(nodes, classes)`, layer by layer where it was sampled."""
        if self.fan_outs is not None and self.network.is_chain:
            return self.predict_by_layers(split)
        return self.predict(split, verbose=0)[0]

    def _names(self):
        count = self.output_shape[-1]
        return self.class_names or [str(n) for n in range(count)]

    def _of_kind(self, split):
        """A graph from files, once its nodes have the features needed."""
        needed = self.network.input["node_features"].shape[-1]
        if split.shape != (needed,):
            raise ValueError(
                f"The network takes nodes of {needed} features. Received: "
                f"nodes of {split.shape[0]} features"
            )
        return split

    def _batches(self, split):
        """The one batch of a split; arrays would be copied every epoch."""
        x, y, weights = split.arrays()
        return data.WholeBatch((self.checked(x), y, weights))
