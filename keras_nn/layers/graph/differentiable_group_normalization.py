import keras
from keras import ops

from keras_nn.layers.graph.flat_graph import FlatGraph


@keras.saving.register_keras_serializable(package="keras_nn")
class DifferentiableGroupNormalization(keras.layers.Layer):
    """Nodes of learnt groups, each group normalised on its own (DiffGroupNorm).

    `y = x + weight * sum over groups g of BN_g(softmax(x W)_g x)`, statistics
    over the nodes of the batch, padding left out

    Args:
        groups: int.
        weight: float. How much the groups count. Defaults to 0.01.
        momentum: float. Of the statistics that are kept. Defaults to 0.9.
        epsilon: float. Defaults to 1e-5.
        kernel_initializer: initializer of `W`. Defaults to
            `"glorot_uniform"`.
        **kwargs: `name`, `dtype`.

    Call arguments:
        inputs: dict, see `MessagePassing`; `node_mask` tells what is padding.

    Returns:
        A float tensor of the shape of `node_features`.

    Raises:
        ValueError: if `groups` is not positive.

    Example:

    >>> graph = {
    ...     "node_features": ops.ones((1, 3, 2)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> tuple(DifferentiableGroupNormalization(4)(graph).shape)
    (1, 3, 2)

    Reference:
        [Zhou et al., 2020](https://arxiv.org/abs/2006.06972)
    """

    def __init__(
        self,
        groups,
        weight=0.01,
        momentum=0.9,
        epsilon=1e-5,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if groups < 1:
            raise ValueError(f"`groups` must be positive. Received: {groups=}")
        self.groups = groups
        self.weight = weight
        self.momentum = momentum
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.assignment = keras.layers.Dense(
            groups,
            activation="softmax",
            use_bias=False,
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="assignment",
        )
        self.normalization = keras.layers.BatchNormalization(
            momentum=momentum,
            epsilon=epsilon,
            dtype=self.dtype_policy,
            name="normalization",
        )

    def build(self, input_shape):
        features = input_shape["node_features"][-1]
        self.assignment.build((None, features))
        self.normalization.build((None, self.groups * features))

    def call(self, inputs, training=None):
        graph = FlatGraph.of(inputs)
        nodes = graph.nodes
        features = nodes.shape[-1]
        shares = ops.expand_dims(self.assignment(nodes), -1)
        groups = shares * ops.expand_dims(nodes, -2)
        mask = inputs.get("node_mask")
        y = self.normalization(
            ops.reshape(groups, (-1, self.groups * features)),
            training=training,
            mask=None if mask is None else ops.reshape(mask, (-1,)),
        )
        y = ops.sum(ops.reshape(y, (-1, self.groups, features)), axis=1)
        return graph.unflat(nodes + self.weight * y)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["node_features"])

    def get_config(self):
        return {
            **super().get_config(),
            "groups": self.groups,
            "weight": self.weight,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
