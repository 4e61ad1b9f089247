import keras

from keras_nn.layers import ContinuousFilterConvolution
from keras_nn.layers import GraphPooling
from keras_nn.layers.graph.continuous_filter_convolution import shifted_softplus
from keras_nn.models.graph.graph_network import GraphNetwork
from keras_nn.models.graph.graph_network import graph_inputs


@keras.saving.register_keras_serializable(package="keras_nn")
class SchNet(GraphNetwork):
    """A property of a molecule from its atoms and where they are (SchNet).

    `X = a vector of the kind of every atom`, `X <- X + interaction(X)` through
    filters of distances, the sum over atoms of two dense layers

    Args:
        types: int. Kinds of atoms. Defaults to 100 (atomic numbers).
        targets: int. Numbers to predict. Defaults to 1.
        units: int. Features of an atom. Defaults to 128.
        filters: int. Width of the filters. Defaults to 128.
        depth: int. Interactions. Defaults to 6.
        gaussians: int. Bells that describe a distance. Defaults to 50.
        cutoff: float. The distance at which atoms no longer see each other,
            in the unit of positions. Defaults to 10.
        pooling: `"sum"` or `"mean"` over atoms. Defaults to `"sum"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict, see `keras_nn.data.graphs.pack`, with `node_types` and
            `node_positions`; edges are those of
            `keras_nn.data.graphs.radius_edges(graph, cutoff)`. Features of
            nodes are not used.

    Returns:
        A tensor of shape `(packs, graphs, targets)`, which moving and turning
        molecules does not change.

    Raises:
        ValueError: on a number below one, and on graphs without a key that
            the network uses.

    Example:

    >>> import numpy as np
    >>> from keras_nn.data.graphs import pack, radius_edges
    >>> water = {
    ...     "node_features": np.ones((3, 1)),
    ...     "node_types": np.array([8, 1, 1]),
    ...     "node_positions": np.array(
    ...         [[0.0, 0, 0.12], [0, 0.76, -0.47], [0, -0.76, -0.47]]
    ...     ),
    ... }
    >>> network = SchNet(units=8, filters=8, depth=2)
    >>> tuple(network(pack([radius_edges(water, 10.0)])).shape)
    (1, 1, 1)

    Reference:
        [Schuett et al., 2017](https://arxiv.org/abs/1706.08566)
    """

    def __init__(
        self,
        types=100,
        targets=1,
        units=128,
        filters=128,
        depth=6,
        gaussians=50,
        cutoff=10.0,
        pooling="sum",
        dtype=None,
        **kwargs,
    ):
        if min(types, targets, units, depth) < 1:
            raise ValueError(
                "`types`, `targets`, `units` and `depth` must be positive. "
                f"Received: {types=}, {targets=}, {units=}, {depth=}"
            )
        inputs = graph_inputs(1, pooled=True, node_positions=3, node_types=True)
        del inputs["node_features"]
        x = keras.layers.Embedding(types, units, dtype=dtype, name="embedding")(
            inputs["node_types"]
        )
        for index in range(depth):
            y = ContinuousFilterConvolution(
                units,
                filters,
                gaussians,
                cutoff,
                dtype=dtype,
                name=f"interaction_{index}",
            )({**inputs, "node_features": x})
            x = keras.layers.Add(dtype=dtype, name=f"sum_{index}")([x, y])
        x = keras.layers.Dense(
            max(1, units // 2), shifted_softplus, dtype=dtype, name="hidden"
        )(x)
        x = keras.layers.Dense(targets, dtype=dtype, name="targets")(x)
        x = GraphPooling(pooling, dtype=dtype, name="pooling")(
            {**inputs, "node_features": x}
        )
        super().__init__(inputs, x, 0, dtype=dtype, **kwargs)

        self.types = types
        self.targets = targets
        self.units = units
        self.filters = filters
        self.depth = depth
        self.gaussians = gaussians
        self.cutoff = cutoff
        self.pooling = pooling

    def get_config(self):
        config = {
            **super().get_config(),
            "types": self.types,
            "targets": self.targets,
            "units": self.units,
            "filters": self.filters,
            "depth": self.depth,
            "gaussians": self.gaussians,
            "cutoff": self.cutoff,
            "pooling": self.pooling,
        }
        del config["features"]
        return config
