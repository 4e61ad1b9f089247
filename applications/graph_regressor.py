import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import graph_regressor_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.graph_files import in_parts
from keras_nn.applications.graph_files import read_measured_molecules
from keras_nn.applications.target_scale import TargetScale
from keras_nn.applications.whole_graph_application import WholeGraphApplication
from keras_nn.data.graphs import GraphSplit


@keras.saving.register_keras_serializable(package="keras_nn")
class GraphRegressor(WholeGraphApplication):
    """Graphs to numbers: how well does this molecule dissolve?

    `y = deviation * network(graph) + mean`, with mean and deviation of the
    training targets; the loss is the mean squared error

    Args:
        network: `keras.Model` from packs of graphs to numbers, of shape
            `(packs, graphs, targets)`, such as `keras_nn.models.MPNN`.
        normalize_features: bool. Whether to scale the features of a node to
            the sum 1 first. Defaults to False.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`.

    Returns:
        Numbers of shape `(packs, graphs, targets)`, in the units of the
        targets.

    Raises:
        ValueError: if the network gives no numbers of graphs, or an edge
            leads to a node that is not there.

    Example:

    >>> from keras_nn.models import MPNN
    >>> made_up = data.load("molecules-like").test
    >>> network = MPNN(4, 2, units=4, edge_units=4, steps=1, pooling_steps=1)
    >>> app = GraphRegressor(network)
    >>> app.compile()
    >>> history = app.fit(made_up, epochs=1, verbose=0)
    >>> app.predict(made_up.take(3), verbose=0).shape
    (3, 1)
    """

    def __init__(self, network, normalize_features=False, **kwargs):
        shape = getattr(network, "output_shape", None)
        if not isinstance(shape, tuple) or len(shape) != 3:
            raise ValueError(
                "`network` must give numbers of shape (packs, graphs, "
                f"targets). Received: {shape}"
            )
        scale = TargetScale(dtype="float32", name="scale")
        super().__init__(network, normalize_features, scale, **kwargs)
        self.scale = scale

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe is not None and recipe.name in recipes.FILES:
            return data.load(recipe.data, path=path, seed=seed)
        return in_parts(read_measured_molecules(path), path, seed)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        train = splits.train
        app = cls(
            recipe.network(
                train.shape[0], train.edge_shape[0], train.y.shape[-1]
            )
        )
        steps = epochs * data.steps(train, min(batch_size, len(train)))
        app.compile(
            optimizer=optimization.build_optimizer(settings, steps),
            jit_compile=settings["jit_compile"],
        )
        return app

    def prepare(self, x):
        if isinstance(x, GraphSplit):
            self.scale.adapt(np.asarray(x.y, "float32"))

    def default_loss(self):
        return keras.losses.MeanSquaredError(
            reduction="mean_with_sample_weight"
        )

    def default_metrics(self):
        return [
            keras.metrics.RootMeanSquaredError(name="rmse"),
            keras.metrics.MeanAbsoluteError(name="mae"),
        ]

    def example_scores(self, split):
        error = np.abs(self.predict(split, verbose=0) - split.y)
        return {"mae": error.mean(axis=-1)}

    def read_test(self, path, settings):
        return self._of_kind(read_measured_molecules(path))

    def predict_path(self, path, top=1):
        molecules = self._of_kind(read_measured_molecules(path))
        values = self.predict(molecules, verbose=0)
        return [
            {"graph": graph, "target": target, "value": round(float(value), 4)}
            for graph, row in enumerate(values)
            for target, value in enumerate(row)
        ]
