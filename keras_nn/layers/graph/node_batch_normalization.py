import keras
from keras import ops

from keras_nn.layers.cnn.fast_batch_normalization import FastBatchNormalization
from keras_nn.layers.graph.flat_graph import FlatGraph


@keras.saving.register_keras_serializable(package="keras_nn")
class NodeBatchNormalization(keras.layers.Layer):
    """Batch normalisation over the nodes of all graphs, padding left out.

    `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`, with mean and
    variance over the nodes of the batch in training, and over those seen
    before otherwise

    Args:
        momentum: float. Of the statistics that are kept. Defaults to 0.9.
        epsilon: float. Defaults to 1e-5.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `node_mask` tells what is padding.

    Returns:
        A float tensor of the shape of `node_features`.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[[1.0], [3.0], [99.0]]]),
    ...     "edge_index": ops.array([[[0, 1]]]),
    ...     "node_mask": ops.array([[True, True, False]]),
    ... }
    >>> y = NodeBatchNormalization()(graph, training=True)
    >>> print(ops.convert_to_numpy(y)[0, :2, 0].round(2))
    [-1.  1.]

    Reference:
        [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167)
    """

    def __init__(self, momentum=0.9, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon
        self.normalization = FastBatchNormalization(
            momentum=momentum,
            epsilon=epsilon,
            dtype=self.dtype_policy,
            name="normalization",
        )

    def build(self, input_shape):
        self.normalization.build((None, input_shape["node_features"][-1]))

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs)
        return graph.unflat(self.of_nodes(graph, graph.nodes, training))

    def of_nodes(self, graph, nodes, training=None):
        """`(num_nodes, features)` of a flat graph, normalised."""
        mask = graph.graph.get("node_mask")
        mask = None if mask is None else ops.reshape(mask, (-1,))
        return self.normalization(nodes, training=training, mask=mask)

    def compute_output_shape(self, input_shape):
        return input_shape["node_features"]

    def get_config(self):
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "epsilon": self.epsilon,
        }
