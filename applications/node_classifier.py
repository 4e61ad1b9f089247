import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn.applications import node_classifier_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.application import Application
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import NodeSplit

_NO_FILES = (
    "A NodeClassifier does not read graphs of yours from files yet. Load the "
    "run in Python, with `keras_nn.applications.load`, and call its `{0}` with "
    "a `keras_nn.data.graphs.NodeSplit`. Received: path={1}"
)


@keras.saving.register_keras_serializable(package="keras_nn")
class NodeClassifier(Application):
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
        self, network, class_names=None, normalize_features=False, **kwargs
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
        inputs = {
            key: keras.Input(
                batch_shape=tensor.shape, dtype=tensor.dtype, name=key
            )
            for key, tensor in network.input.items()
        }
        x = dict(inputs)
        if normalize_features:
            features = x["node_features"]
            total = ops.sum(features, axis=-1, keepdims=True)
            total = ops.where(ops.equal(total, 0), 1.0, total)
            x["node_features"] = features / total
        super().__init__(inputs, network(x), **kwargs)

        self.network = network
        self.class_names = class_names and [str(n) for n in class_names]
        self.normalize_features = normalize_features

    def call(self, inputs, training=None, mask=None):
        used = {key: inputs[key] for key in self.input}
        return super().call(used, training=training, mask=mask)

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": keras.saving.serialize_keras_object(self.network),
            "class_names": self.class_names,
            "normalize_features": self.normalize_features,
        }

    @classmethod
    def from_config(cls, config):
        network = config["network"]
        if isinstance(network, dict):
            network = keras.saving.deserialize_keras_object(network)
        return cls(**{**config, "network": network})

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "learning_rate": 1e-2,
            "normalize_features": False,
        }

    @classmethod
    def setting_choices(cls):
        return optimization.CHOICES

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe is None or recipe.name not in recipes.FILES:
            raise WrongRequest(
                "A path names where the official files of a recipe lie; choose "
                f"one of the recipes {', '.join(recipes.FILES)}. "
                f"Received: data={path!r}"
            )
        return data.load(recipe.data, path=path, seed=seed)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        app = cls(
            recipe.network(splits.train.shape[0], splits.num_classes),
            class_names=splits.class_names,
            normalize_features=settings["normalize_features"],
        )
        app.compile(optimizer=optimization.build_optimizer(settings, epochs))
        return app

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-2)

    def default_loss(self):
        return keras.losses.SparseCategoricalCrossentropy(
            reduction="mean_with_sample_weight"
        )

    def default_metrics(self):
        return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]

    def compile(
        self,
        optimizer="auto",
        loss="auto",
        loss_weights=None,
        metrics=None,
        weighted_metrics="auto",
        **kwargs,
    ):
        """As Keras's; what is `"auto"` becomes the application's default.

        Args:
            optimizer: `"auto"` or what Keras accepts.
            loss: `"auto"` or what Keras accepts.
            loss_weights: as in Keras.
            metrics: as in Keras; they see every node.
            weighted_metrics: `"auto"` or what Keras accepts; they see the
                nodes that count.
            **kwargs: further arguments of `keras.Model.compile`.
        """
        if isinstance(weighted_metrics, str) and weighted_metrics == "auto":
            weighted_metrics = self.default_metrics()
        super().compile(
            optimizer=optimizer,
            loss=loss,
            loss_weights=loss_weights,
            metrics=metrics,
            weighted_metrics=weighted_metrics,
            **kwargs,
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
        """As Keras's; `x` may be a `NodeSplit`, or `data.Splits` of them."""
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        if isinstance(x, NodeSplit):
            x, batch_size = self._batches(x), None
        if isinstance(validation_data, NodeSplit):
            validation_data = self._batches(validation_data)
        return super().fit(
            self._checked(x),
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
        return super().evaluate(
            self._checked(x), y, batch_size, *args, **kwargs
        )

    def predict(self, x, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be a `NodeSplit`."""
        if isinstance(x, NodeSplit):
            x = x.arrays()[0]
        return super().predict(self._checked(x), batch_size, *args, **kwargs)

    def example_scores(self, split):
        predicted = self.predict(split, verbose=0)[0].argmax(axis=-1)
        right = predicted == split.y
        return {"accuracy": 1.0 * right[split.mask]}

    def read_test(self, path, settings):
        raise WrongRequest(_NO_FILES.format("evaluate", path))

    def predict_path(self, path, top=1):
        raise WrongRequest(_NO_FILES.format("predict", path))

    def input_signature(self):
        raise WrongRequest(
            "A NodeClassifier takes one whole graph of its own size and is not "
            f"exported; save it as `.keras`. Received: {self.name}"
        )

    def _batches(self, split):
        """The one batch of a split; arrays would be copied every epoch."""
        x, y, weights = split.arrays()
        return data.WholeBatch((self._checked(x), y, weights))

    def _checked(self, x):
        """The keys that the network uses, once every edge leads somewhere."""
        if not isinstance(x, dict):
            return x
        missing = sorted(set(self.input) - set(x))
        if missing:
            raise ValueError(
                f"The network needs graphs with the keys {sorted(self.input)}. "
                f"Received: {sorted(x)}"
            )
        edges = x["edge_index"]
        if isinstance(edges, np.ndarray) and edges.size:
            nodes = x["node_features"].shape[1]
            # Beyond the nodes XLA would read on silently; -1 is padding.
            if edges.min() < -1 or edges.max() >= nodes:
                raise ValueError(
                    f"`edge_index` must name nodes, 0 to {nodes - 1}, or -1 "
                    f"for padding. Received: {edges.min()} to {edges.max()}"
                )
        return {key: x[key] for key in self.input}
