import keras
from keras import ops

from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class Node2Vec(ObjectiveModel):
    """A vector for every node: those that walks visit together are near.

    `loss = mean of -log sigmoid(x[a] . x[b]) + mean of -log(1 - sigmoid(x[a] .
    x[c]))`, where `b` is one of the `context - 1` nodes that follow `a` on a
    walk, and `c` one of those that follow in a drawn sequence

    `fit(WalkBatches(graph, ...))`, whose `p` and `q` decide whether vectors
    tell of communities or of roles; with `p = q = 1` this is DeepWalk. No
    loss is compiled.

    Args:
        num_nodes: int.
        units: int. Size of a vector. Defaults to 128.
        context: int. Nodes of a walk that are looked at together, the first
            among them. Defaults to 10.
        embeddings_initializer: initializer of the vectors. Defaults to
            `"random_normal"`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: int tensor of nodes, of any shape; or a batch of
            `keras_nn.data.graphs.WalkBatches`, of which the starts count.

    Returns:
        A float tensor of the shape of the nodes, and `units`.

    Raises:
        ValueError: if a number is not positive, or `context` is below 2.

    Example:

    >>> from keras_nn import data
    >>> from keras_nn.data.graphs import WalkBatches
    >>> club = data.load("karate-club").train.graph
    >>> model = Node2Vec(num_nodes=34, units=8, context=3)
    >>> model.compile("adam")
    >>> batches = WalkBatches(club, length=4, walks_per_node=2, batch_size=34)
    >>> history = model.fit(batches, verbose=0)
    >>> tuple(model(ops.arange(34)).shape)
    (34, 8)

    Reference:
        [Grover and Leskovec, 2016](https://arxiv.org/abs/1607.00653)
    """

    def __init__(
        self,
        num_nodes,
        units=128,
        context=10,
        embeddings_initializer="random_normal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(num_nodes, units) < 1 or context < 2:
            raise ValueError(
                "`num_nodes` and `units` must be positive, `context` at least "
                f"2. Received: {num_nodes=}, {units=}, {context=}"
            )
        self.num_nodes = num_nodes
        self.units = units
        self.context = context
        self.embeddings_initializer = keras.initializers.get(
            embeddings_initializer
        )
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(num_nodes, units),
            initializer=self.embeddings_initializer,
        )
        self.built = True

    def call(self, inputs):
        if isinstance(inputs, dict):
            inputs = inputs["walks"][:, 0]
        vectors = ops.cast(self.embeddings, self.compute_dtype)
        return ops.take(vectors, inputs, axis=0)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["walks"][:1]
        return (*input_shape, self.units)

    def objective(self, x, y, training):
        near = self._agreements(x["walks"])
        far = self._agreements(x["negatives"])
        loss = ops.mean(ops.softplus(-near), axis=-1)
        return {"loss": loss + ops.mean(ops.softplus(far), axis=(1, 2))}

    def _agreements(self, walks):
        """Inner products of nodes and those that follow: `(..., pairs)`."""
        length = walks.shape[-1]
        if length < self.context:
            raise ValueError(
                f"Walks must have at least context={self.context} nodes. "
                f"Received: {length} nodes"
            )
        vectors = ops.cast(ops.take(self.embeddings, walks, 0), "float32")
        windows = length + 1 - self.context
        first = vectors[..., :windows, :]
        products = [
            ops.sum(first * vectors[..., i : i + windows, :], axis=-1)
            for i in range(1, self.context)
        ]
        return ops.concatenate(products, axis=-1)

    def get_config(self):
        return {
            **super().get_config(),
            "num_nodes": self.num_nodes,
            "units": self.units,
            "context": self.context,
            "embeddings_initializer": keras.initializers.serialize(
                self.embeddings_initializer
            ),
        }
