import numpy as np

from keras_nn.data.graphs.neighbor_sampler import NeighborSampler
from keras_nn.data.ordered_batches import OrderedBatches


class SampledBatches(OrderedBatches):
    """Batches of nodes with drawn neighbourhoods, for graphs of any size.

    A batch is `(x, y, sample_weight)`: packs of trees as `NeighborSampler`
    draws them, the labels of all of their nodes, and 1 for the seeds alone,
    which come first. Batches have one shape; which nodes come together and
    what is drawn around them follow from `seed` and the numbers of pass and
    batch.

    Args:
        split: `NodeSplit`. Its nodes that count are the seeds.
        fan_outs: list of int. See `NeighborSampler`.
        batch_size: int. Seeds in a batch.
        shuffle: bool. Whether seeds come in another order in every pass.
        seed: int. Of the order and of what is drawn.
        packs: int. Packs in a batch, to which its seeds are dealt out, as
            many as there are replicas. Defaults to 1.
        times: float array `(nodes,)` or None. When each node is asked for:
            its tree holds no edge whose `edge_times` are later.
        newest: bool. See `NeighborSampler`. Defaults to False.

    Raises:
        ValueError: If `batch_size` is no positive multiple of `packs`, or the
            graph or a fan-out is wrong.

    Example:

    >>> from keras_nn import data
    >>> club = data.load("karate-club").test
    >>> batches = SampledBatches(club, fan_outs=[4, 2], batch_size=5)
    >>> x, y, weights = next(iter(batches.at(epoch=0)))
    >>> x["node_features"].shape[1], int(weights.numpy().sum())
    (65, 5)
    """

    def __init__(
        self,
        split,
        fan_outs,
        batch_size,
        shuffle=False,
        seed=0,
        packs=1,
        times=None,
        newest=False,
    ):
        if batch_size < 1 or batch_size % packs:
            raise ValueError(
                "`batch_size` must be a positive multiple of the number of "
                f"packs. Received: {batch_size=}, {packs=}"
            )
        self.sampler = NeighborSampler(split.graph, fan_outs, newest)
        self.seeds = np.flatnonzero(split.mask)
        self.y = np.where(split.mask, split.y, 0).astype("int64")
        self.batch_size = min(batch_size, -(-len(self.seeds) // packs) * packs)
        self.shuffle = shuffle
        self.seed = seed
        self.packs = packs
        self.times = None if times is None else np.asarray(times)

    @property
    def num_batches(self):
        return -(-len(self.seeds) // self.batch_size)

    @property
    def whole(self):
        return self.sampler.graph, self.y

    def batch(self, seeds, epoch, number):
        """One batch as a list of arrays: those of `x` by key, `y`, weights."""
        each = self.batch_size // self.packs
        full = np.full(self.batch_size, -1, "int64")
        full[: len(seeds)] = seeds
        generator = np.random.default_rng([self.seed, epoch, number])
        packs = [self._pack(part, generator) for part in full.reshape(-1, each)]
        return [np.stack(arrays) for arrays in zip(*packs, strict=True)]

    def _pack(self, seeds, generator):
        times = None if self.times is None else self.times[seeds]
        values = rows_of(self.sampler, seeds, generator, times)
        nodes, there = values.pop("nodes"), values["node_mask"]
        y = np.where(there, self.y[nodes], 0)
        weights = np.zeros(len(nodes), "float32")
        weights[: len(seeds)] = seeds >= 0
        return *(values[key] for key in self._keys()), y, weights

    def _keys(self):
        keys = set(self.sampler.graph) - {"graph_features"}
        return sorted({*keys, "node_mask"})

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import drawn_batches
        from keras_nn.data.batches import finished

        numbered = drawn_batches(
            start, len(self.seeds), self.batch_size, self.shuffle, self.seed
        )
        keys = self._keys()
        # The shapes and types of all batches are those of one without seeds.
        example = self.batch(self.seeds[:0], 0, 0)
        types = [tf.as_dtype(array.dtype) for array in example]

        def drawn(indices, epoch, number):
            arrays = tf.numpy_function(
                lambda i, e, n: self.batch(self.seeds[i], int(e), int(n)),
                [indices, epoch, number],
                types,
                stateful=False,
            )
            for array, like in zip(arrays, example, strict=True):
                array.set_shape(like.shape)
            *values, y, weights = arrays
            return dict(zip(keys, values, strict=True)), y, weights

        return finished(
            numbered.map(drawn, num_parallel_calls=2, deterministic=True)
        )


def rows_of(sampler, seeds, generator, times=None):
    """One pack of the trees around seeds, as a dict of arrays, and `nodes`.

    Args:
        sampler: `NeighborSampler`.
        seeds: int array; -1 has no tree.
        generator: `numpy.random.Generator`.
        times: float array or None. See `NeighborSampler.sample`.
    """
    nodes, edges, rows = sampler.sample(seeds, generator, times)
    # What stands at rows without a node or an edge is never looked at.
    values = {"nodes": nodes, "edge_index": edges, "node_mask": nodes >= 0}
    for key, value in sampler.graph.items():
        if key.startswith("node_"):
            values[key] = np.take(value, nodes, axis=0, mode="clip")
        elif key.startswith("edge_") and key != "edge_index":
            if not len(value):
                value = np.zeros((1, *value.shape[1:]), value.dtype)
            values[key] = np.take(value, rows, axis=0, mode="clip")
    return values
