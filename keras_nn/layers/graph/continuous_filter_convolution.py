import math

import keras
from keras import ops

from keras_nn.layers.graph.graph_projection import GraphProjection


@keras.saving.register_keras_serializable(package="keras_nn")
class ContinuousFilterConvolution(GraphProjection):
    """A filter of the distance between two atoms (SchNet's interaction).

    `y = W_3 ssp(W_2 sum over (s, t) of (x[s] W_1) * F(d[s, t])) + b` with
    `F(d) = C(d) * MLP(exp(-gamma (d - mu_k)^2), k = 1 .. gaussians)`, the
    cosine `C(d) = (cos(pi d / cutoff) + 1) / 2` and
    `ssp(x) = softplus(x) - log 2`

    Args:
        units: int. Features of a node that come out.
        filters: int. Width of the filters. Defaults to 128.
        gaussians: int. How many bells, from 0 to `cutoff`, describe a
            distance. Defaults to 50.
        cutoff: float. The distance, in the unit of positions, at which atoms
            no longer see each other; see `keras_nn.data.graphs.radius_edges`.
            Defaults to 10.
        **kwargs: `kernel_initializer`, `bias_initializer`,
            `kernel_regularizer` as of `Dense`; `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `node_positions` of shape `(packs,
            nodes, dimensions)` are needed.

    Returns:
        A float tensor of shape `(packs, nodes, units)`, which moving and
        turning all positions does not change.

    Raises:
        ValueError: if a number is not positive, or nodes have no positions.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "node_positions": ops.array([[[0.0, 0, 0], [1, 0, 0], [0, 2, 0]]]),
    ...     "edge_index": ops.array([[[0, 1], [1, 0], [2, 0]]]),
    ... }
    >>> layer = ContinuousFilterConvolution(4, filters=8, gaussians=5)
    >>> tuple(layer(graph).shape)
    (1, 3, 4)

    Reference:
        [Schuett et al., 2017](https://arxiv.org/abs/1706.08566)
    """

    def __init__(self, units, filters=128, gaussians=50, cutoff=10.0, **kwargs):
        super().__init__(units, **kwargs)
        if min(filters, cutoff) <= 0 or gaussians < 2:
            raise ValueError(
                "`filters` and `cutoff` must be positive, `gaussians` at least "
                f"2. Received: {filters=}, {gaussians=}, {cutoff=}"
            )
        self.filters = filters
        self.gaussians = gaussians
        self.cutoff = cutoff

    def build(self, input_shape):
        if "node_positions" not in input_shape:
            raise ValueError(
                "The layer needs a graph with `node_positions`. "
                f"Received: keys {sorted(input_shape)}"
            )
        features = input_shape["node_features"][-1]
        self.before = self.dense(self.filters, "before", use_bias=False)
        self.before.build((None, features))
        self.filter_hidden = self.dense(
            self.filters, "filter_hidden", shifted_softplus
        )
        self.filter_hidden.build((None, self.gaussians))
        self.filter_output = self.dense(self.filters, "filter_output")
        self.filter_output.build((None, self.filters))
        self.after = self.dense(self.units, "after", shifted_softplus)
        self.after.build((None, self.filters))
        self.output_layer = self.dense(self.units, "output", self.activation)
        self.output_layer.build((None, self.units))

    def message(self, graph, nodes):
        # Half precision cannot tell near distances apart.
        distance = ops.cast(graph.distances(), "float32")
        centres = ops.linspace(0.0, self.cutoff, self.gaussians)
        gamma = 0.5 / (self.cutoff / (self.gaussians - 1)) ** 2
        bells = ops.expand_dims(distance, -1) - centres
        bells = ops.exp(-gamma * ops.square(bells))
        fade = 0.5 * (ops.cos(distance * (math.pi / self.cutoff)) + 1.0)
        bells = ops.cast(bells, nodes.dtype)
        filters = self.filter_output(self.filter_hidden(bells))
        filters = filters * ops.expand_dims(ops.cast(fade, nodes.dtype), -1)
        return graph.of_source(self.before(nodes)) * filters

    def update(self, graph, nodes, received):
        return self.output_layer(self.after(received))

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "gaussians": self.gaussians,
            "cutoff": self.cutoff,
        }


@keras.saving.register_keras_serializable(package="keras_nn")
def shifted_softplus(x):
    """`softplus(x) - log 2`, which is 0 at 0.

    Args:
        x: float tensor.

    Example:

    >>> float(shifted_softplus(ops.zeros(())))
    0.0
    """
    return ops.softplus(x) - math.log(2.0)
