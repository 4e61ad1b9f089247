import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph


@keras.saving.register_keras_serializable(package="keras_nn")
class LinkInnerProduct(keras.layers.Layer):
    """How near the two nodes of each pair are: their inner product.

    `y[i] = x[link[i, 0]] . x[link[i, 1]]`; 0 for a pair with an end that is
    no node, as padding has

    Call arguments:
        inputs: dict of tensors: `node_features` of shape `(packs, nodes,
            features)` and `link_index` of shape `(packs, links, 2)`. One graph
            may come without the axis of packs.

    Returns:
        A float tensor of shape `(packs, links)`: the log odds that there is
        an edge, for a loss `from_logits`.

    Example:

    >>> graph = {
    ...     "node_features": ops.array([[1.0, 2.0], [3.0, 1.0]]),
    ...     "link_index": ops.array([[0, 1], [1, 1], [-1, -1]]),
    ... }
    >>> print(ops.convert_to_numpy(LinkInnerProduct()(graph)))
    [ 5. 10.  0.]

    Reference:
        [Kipf and Welling, 2016](https://arxiv.org/abs/1611.07308)
    """

    def call(self, inputs):
        links = inputs["link_index"]
        pairs = FlatGraph.of({**inputs, "edge_index": links})
        products = ops.sum(
            pairs.of_source(pairs.nodes) * pairs.of_target(pairs.nodes), axis=-1
        )
        known = pairs.target < pairs.num_nodes
        products = ops.where(known, products, ops.zeros_like(products))
        return ops.reshape(products, ops.shape(links)[:-1])

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["link_index"][:-1])
