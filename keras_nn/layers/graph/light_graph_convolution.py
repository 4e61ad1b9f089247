import keras

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.message_passing import MessagePassing
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


@keras.saving.register_keras_serializable(package="keras_nn")
class LightGraphConvolution(MessagePassing):
    """A graph convolution without anything to learn (LGConv of LightGCN).

    `Y = D^(-1/2) A D^(-1/2) X`, without self-loops

    Args:
        normalize: bool. Whether to normalise by degrees. Defaults to True.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `edge_weights` are used.

    Returns:
        A float tensor of the shape of `node_features`.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[4.0], [1.0]]),
    ...     "edge_index": ops.array([[0, 1], [1, 0]]),
    ... }
    >>> print(ops.convert_to_numpy(LightGraphConvolution()(graph))[:, 0])
    [1. 4.]

    Reference:
        [He et al., 2020](https://arxiv.org/abs/2002.02126)
    """

    def __init__(self, normalize=True, **kwargs):
        super().__init__(**kwargs)
        self.normalize = normalize

    def call(self, inputs):
        graph = FlatGraph.of(inputs)
        if self.normalize:
            graph = symmetric_weights(graph, self_loops=False)
        return graph.unflat(self.propagate(graph, graph.nodes))

    def get_config(self):
        return {**super().get_config(), "normalize": self.normalize}
