import numpy as np

from keras_nn.data.graphs.random_walks import RandomWalks
from keras_nn.data.ordered_batches import OrderedBatches


class WalkBatches(OrderedBatches):
    """Batches of walks, and of sequences of nodes that are no walks.

    A batch is a dict of `walks` of shape `(batch, length + 1)` and
    `negatives` of shape `(batch, negatives, length + 1)`, which begin at the
    same node and go on anywhere. What is drawn follows from `seed` and the
    numbers of pass and batch.

    Args:
        graph: dict, see `check_graph`.
        length: int. Steps of a walk. Defaults to 20.
        walks_per_node: int. Walks from every node in a pass. Defaults to 10.
        negatives: int. Sequences drawn for each walk. Defaults to 1.
        p: float. See `RandomWalks`. Defaults to 1.
        q: float. See `RandomWalks`. Defaults to 1.
        batch_size: int. Walks in a batch; what is left over of a pass is a
            smaller one. Defaults to 128.
        shuffle: bool. Whether starts come in another order in every pass.
            Defaults to True.
        seed: int. Defaults to 0.

    Raises:
        ValueError: If a number is not positive, or the graph is wrong.

    Example:

    >>> path = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    >>> batches = WalkBatches(path, length=2, batch_size=30, shuffle=False)
    >>> (batch,) = batches.at(epoch=0)
    >>> batch["walks"][:1].numpy().tolist(), tuple(batch["negatives"].shape)
    ([[0, 1, 2]], (30, 1, 3))
    """

    def __init__(
        self,
        graph,
        length=20,
        walks_per_node=10,
        negatives=1,
        p=1.0,
        q=1.0,
        batch_size=128,
        shuffle=True,
        seed=0,
    ):
        if min(length, walks_per_node, negatives, batch_size) < 1:
            raise ValueError(
                "`length`, `walks_per_node`, `negatives` and `batch_size` must "
                f"be positive. Received: {length=}, {walks_per_node=}, "
                f"{negatives=}, {batch_size=}"
            )
        self.walks = RandomWalks(graph, p, q)
        self.length = length
        self.negatives = negatives
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        nodes = np.arange(self.walks.num_nodes)
        self.starts = np.tile(nodes, walks_per_node)

    @property
    def num_batches(self):
        return -(-len(self.starts) // self.batch_size)

    def batch(self, starts, epoch, number):
        """`(walks, negatives)` from these starts, as int32 arrays."""
        generator = np.random.default_rng([self.seed, epoch, number])
        walks = self.walks.walk(starts, self.length, generator)
        shape = (len(starts), self.negatives, self.length + 1)
        others = generator.integers(0, self.walks.num_nodes, shape)
        others[:, :, 0] = np.asarray(starts)[:, None]
        return walks.astype("int32"), others.astype("int32")

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import drawn_batches
        from keras_nn.data.batches import finished

        def drawn(indices, epoch, number):
            walks, others = tf.numpy_function(
                lambda i, e, n: self.batch(self.starts[i], int(e), int(n)),
                [indices, epoch, number],
                [tf.int32, tf.int32],
                stateful=False,
            )
            size = indices.shape[0]
            walks.set_shape((size, self.length + 1))
            others.set_shape((size, self.negatives, self.length + 1))
            return {"walks": walks, "negatives": others}

        batches = drawn_batches(
            start, len(self.starts), self.batch_size, self.shuffle, self.seed
        )
        return finished(
            batches.map(drawn, num_parallel_calls=2, deterministic=True)
        )
