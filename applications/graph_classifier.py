import keras

from keras_nn import data
from keras_nn.applications import graph_classifier_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.graph_files import in_parts
from keras_nn.applications.graph_files import read_labelled_graphs
from keras_nn.applications.whole_graph_application import WholeGraphApplication
from keras_nn.data.graphs import GraphSplit


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphClassifier(WholeGraphApplication):
    """Graphs to labels: does this molecule do that?

    `p = network(graph)`; the loss is the mean over graphs of `-log p[label]`

    Trains on packs of graphs of one shape, as `keras_nn.data.graphs.pack`
    makes them; graphs may have any size that fits.

    Args:
        network: `keras.Model` from packs of graphs to the probabilities of
            the classes of every graph, of shape `(packs, graphs, classes)`,
            such as `keras_nn.models.GIN`.
        class_names: list of str or None. Saved with the model. Defaults to
            `"0"`, `"1"` ...
        normalize_features: bool. Whether to scale the features of a node to
            the sum 1 first. Defaults to False.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Probabilities of shape `(packs, graphs, classes)`.

    Raises:
        ValueError: if the network gives no scores of graphs, names do not
            fit, or an edge leads to a node that is not there.

    Example:

    >>> from keras_nn.models import GIN
    >>> cycles = data.load("cycles-or-not").test
    >>> app = GraphClassifier(GIN(features=1, classes=2, units=4, depth=2))
    >>> app.compile()
    >>> history = app.fit(cycles, epochs=1, verbose=0)
    >>> app.predict(cycles.take(3), verbose=0).shape
    (3, 2)
    """

    def __init__(
        self, network, class_names=None, normalize_features=False, **kwargs
    ):
        shape = getattr(network, "output_shape", None)
        if not isinstance(shape, tuple) or len(shape) != 3 or shape[-1] < 2:
            raise ValueError(
                "`network` must give scores of shape (packs, graphs, classes),"
                f" of two classes at least. Received: {shape}"
            )
        if class_names is not None and len(class_names) != shape[-1]:
            raise ValueError(
                f"`class_names` must name all of the {shape[-1]} classes. "
                f"Received: {len(class_names)} names"
            )
        super().__init__(network, normalize_features, **kwargs)
        self.class_names = class_names and [str(n) for n in class_names]

    def get_config(self):
        return {**super().get_config(), "class_names": self.class_names}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe is not None and recipe.name in recipes.FILES:
            return data.load(recipe.data, path=path, seed=seed)
        whole = read_labelled_graphs(path)
        names = [str(n) for n in range(whole.y.max() + 1)]
        return in_parts(whole, path, seed, names)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        train = splits.train
        network = recipe.network(
            train.shape[0], train.edge_shape[0], splits.num_classes
        )
        app = cls(network, class_names=splits.class_names)
        steps = epochs * data.steps(train, min(batch_size, len(train)))
        app.compile(
            optimizer=optimization.build_optimizer(settings, steps),
            jit_compile=settings["jit_compile"],
        )
        return app

    def default_loss(self):
        return keras.losses.SparseCategoricalCrossentropy(
            reduction="mean_with_sample_weight"
        )

    def default_metrics(self):
        return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        found = super().inspectors(log_dir, validation_data, every, hparams)
        if isinstance(validation_data, GraphSplit):
            found.append(
                callbacks.GraphDrawings(
                    log_dir, validation_data, self.class_names
                )
            )
        return found

    def example_scores(self, split):
        predicted = self.predict(split, verbose=0).argmax(axis=-1)
        return {"accuracy": 1.0 * (predicted == split.y)}

    def read_test(self, path, settings):
        return self._of_kind(read_labelled_graphs(path))

    def predict_path(self, path, top=1):
        graphs = self._of_kind(read_labelled_graphs(path))
        scores = self.predict(graphs, verbose=0)
        names = self.class_names or [str(n) for n in range(scores.shape[1])]
        best = (-scores).argsort(axis=1)[:, :top]
        return [
            {
                "graph": graph,
                "rank": rank + 1,
                "label": names[label],
                "probability": round(float(scores[graph, label]), 4),
            }
            for graph, row in enumerate(best)
            for rank, label in enumerate(row)
        ]
