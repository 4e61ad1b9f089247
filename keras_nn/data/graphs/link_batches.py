import numpy as np

from keras_nn.data.graphs.negative_sampler import NegativeSampler
from keras_nn.data.graphs.neighbor_sampler import NeighborSampler
from keras_nn.data.graphs.pack import pack
from keras_nn.data.graphs.sampled_batches import rows_of
from keras_nn.data.ordered_batches import OrderedBatches


class LinkBatches(OrderedBatches):
    """Batches of links that are there, and of as many drawn that are not.

    A batch is `(x, y, sample_weight)`: in every pack the graph, and
    `link_index` of shape `(packs, 2 * links, 2)`, the links that are there
    first, link `i + links` being what was drawn for link `i`; `y` is 1 for
    the first half, 0 for the second; padding of the last batch weighs 0. What
    is drawn follows from `seed` and the numbers of pass and batch.

    Args:
        split: `LinkSplit`. Its links with `y = 1` are asked for.
        batch_size: int or None. Links that are there in a batch. Defaults to
            all of them.
        shuffle: bool. Whether they come in another order in every pass.
        seed: int. Of the order and of what is drawn.
        packs: int. Packs in a batch, to which links are dealt out. Defaults
            to 1.
        keep_source: bool. Whether what is drawn for a link begins at the same
            node, as rankings need it. Defaults to False.
        targets: int array or None. The nodes that drawn links may lead to.
        fan_outs: list of int or None. With a list a pack holds not the graph
            but trees around the ends of its links, see `NeighborSampler`.

    Raises:
        ValueError: If no link is there, or `batch_size` is no positive
            multiple of `packs`.

    Example:

    >>> from keras_nn import data
    >>> from keras_nn.data.graphs import random_link_split
    >>> club = data.load("karate-club").train.graph
    >>> batches = LinkBatches(random_link_split(club).train, batch_size=32)
    >>> x, y, weights = next(iter(batches.at(epoch=0)))
    >>> batches.num_batches, tuple(x["link_index"].shape), int(y[0, 31:33][1])
    (2, (1, 64, 2), 0)
    """

    def __init__(
        self,
        split,
        batch_size=None,
        shuffle=False,
        seed=0,
        packs=1,
        keep_source=False,
        targets=None,
        fan_outs=None,
    ):
        self.links = split.links[split.y > 0].astype("int64")
        if not len(self.links):
            raise ValueError("There must be a link with y=1. Received: none")
        size = len(self.links)
        if batch_size is None:
            batch_size = -(-size // packs) * packs
        if batch_size < 1 or batch_size % packs:
            raise ValueError(
                "`batch_size` must be a positive multiple of the number of "
                f"packs. Received: {batch_size=}, {packs=}"
            )
        self.batch_size = min(batch_size, -(-size // packs) * packs)
        self.shuffle = shuffle
        self.seed = seed
        self.packs = packs
        self.keep_source = keep_source
        self.negatives = NegativeSampler(
            split.known, len(split.graph["node_features"]), targets=targets
        )
        self.neighbors = None
        if fan_outs is not None:
            self.neighbors = NeighborSampler(split.graph, fan_outs)
        self.graph = pack([split.graph])

    @property
    def num_batches(self):
        return -(-len(self.links) // self.batch_size)

    @property
    def whole(self):
        return self.graph, np.array([0, 1])

    def batch(self, chosen, epoch, number):
        """What is drawn for the links of one batch: a list of arrays.

        Values of `x` by key, `y` and weights.
        """
        generator = np.random.default_rng([self.seed, epoch, number])
        links = self.links[chosen]
        if self.keep_source:
            drawn = links.copy()
            drawn[:, 1] = self.negatives.of_sources(links[:, 0], generator)
        else:
            # Of a dense graph a batch may need more than there are.
            drawn = self.negatives.pairs(len(links), generator, False)
        each = self.batch_size // self.packs
        both = np.full((2, self.batch_size, 2), -1, "int64")
        both[0, : len(links)] = links
        both[1, : len(links)] = drawn
        # (2, packs, each, 2) to (packs, 2 * each, 2)
        both = both.reshape(2, self.packs, each, 2).swapaxes(0, 1)
        both = both.reshape(self.packs, 2 * each, 2)
        y = np.broadcast_to(np.repeat([1, 0], each), (self.packs, 2 * each))
        weights = (both[..., 0] >= 0).astype("float32")
        if self.neighbors is None:
            return [both.astype("int32"), y.astype("int64"), weights]
        values = [self._trees(part, generator) for part in both]
        values = [np.stack(part) for part in zip(*values, strict=True)]
        return [*values, y.astype("int64"), weights]

    def _trees(self, links, generator):
        seeds = links.T.reshape(-1)
        values = rows_of(self.neighbors, seeds, generator)
        place = np.arange(len(seeds), dtype="int32").reshape(2, -1).T
        values["link_index"] = np.where(links < 0, -1, place).astype("int32")
        return [values[key] for key in self._keys()]

    def _keys(self):
        if self.neighbors is None:
            return ["link_index"]
        keys = set(self.neighbors.graph) - {"graph_features"}
        return sorted({*keys, "node_mask", "link_index"})

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import drawn_batches
        from keras_nn.data.batches import finished

        numbered = drawn_batches(
            start, len(self.links), self.batch_size, self.shuffle, self.seed
        )
        keys = self._keys()
        example = self.batch(np.arange(0), 0, 0)
        types = [tf.as_dtype(array.dtype) for array in example]
        graph = {}
        if self.neighbors is None:
            graph = {
                key: tf.convert_to_tensor(np.repeat(value, self.packs, 0))
                for key, value in self.graph.items()
            }

        def drawn(indices, epoch, number):
            arrays = tf.numpy_function(
                lambda i, e, n: self.batch(i, int(e), int(n)),
                [indices, epoch, number],
                types,
                stateful=False,
            )
            for array, like in zip(arrays, example, strict=True):
                array.set_shape(like.shape)
            *values, y, weights = arrays
            x = dict(zip(keys, values, strict=True))
            return {**graph, **x}, y, weights

        return finished(
            numbered.map(drawn, num_parallel_calls=2, deterministic=True)
        )
