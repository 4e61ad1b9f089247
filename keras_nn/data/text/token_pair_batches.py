import functools

import numpy as np

from keras_nn.data.ordered_batches import OrderedBatches

IGNORED = -1  # the label of padding


class TokenPairBatches(OrderedBatches):
    """Batches of pairs of about the same length, with about as many tokens.

    A pair belongs to the shortest bucket that holds both its sides. A batch
    has pairs of one bucket, `tokens // length` of them, so there are as many
    shapes as buckets and XLA compiles as many programs; the last batch of a
    bucket is filled up with rows of padding. What a batch holds, and which
    comes when, depends on `seed` and the number of the pass alone.

    A source is `ids, end`; the decoder reads `start, ids` and is to predict
    `ids, end`.

    Args:
        sources: list of sequences of int.
        targets: list of sequences of int, as many.
        tokens: int. Most tokens of a side of a batch, padding included.
            Defaults to 4096.
        lengths: sequence of int or None. Lengths of the buckets, the end
            token included. Longer pairs are left out: see `left_out`.
            Defaults to `bucket_lengths` of these pairs.
        padding_id: int. Defaults to 0.
        start_id: int. Defaults to 2.
        end_id: int. Defaults to 3.
        shuffle: bool. Defaults to True.
        dynamic: bool. Whether a batch is only as long as its longest pair:
            less padding, more shapes, and no rows of padding. Defaults to
            False.
        seed: int. Defaults to 0.

    Raises:
        ValueError: if no pair fits into a bucket, or no row of the longest
            bucket into `tokens`.

    Example:

    >>> batches = TokenPairBatches(
    ...     [[5, 6], [7]], [[8], [9]], tokens=8, lengths=[4], shuffle=False
    ... )
    >>> x, y = next(iter(batches.at(epoch=0)))
    >>> x["source"].numpy().tolist(), x["target"].numpy().tolist()
    ([[5, 6, 3, 0], [7, 3, 0, 0]], [[2, 8, 0, 0], [2, 9, 0, 0]])
    >>> y.numpy().tolist()
    [[8, 3, -1, -1], [9, 3, -1, -1]]
    """

    def __init__(
        self,
        sources,
        targets,
        tokens=4096,
        lengths=None,
        padding_id=0,
        start_id=2,
        end_id=3,
        shuffle=True,
        dynamic=False,
        seed=0,
    ):
        self.tokens = tokens
        self.padding_id = padding_id
        self.start_id = start_id
        self.end_id = end_id
        self.shuffle = shuffle
        self.dynamic = dynamic
        self.seed = seed
        self._sources = [np.asarray(one, "int32") for one in sources]
        self._targets = [np.asarray(one, "int32") for one in targets]
        if len(self._sources) != len(self._targets):
            raise ValueError(
                "There must be a target for each source. Received: "
                f"{len(self._sources)} sources and {len(self._targets)} targets"
            )
        needed = pair_lengths(self._sources, self._targets)
        if lengths is None:
            lengths = bucket_lengths(needed)
        self.lengths = sorted(lengths)
        if not needed.size or needed.min() > self.lengths[-1]:
            raise ValueError(
                "There must be a pair that fits into a bucket. Received: "
                f"{len(needed)} pairs and lengths={self.lengths}"
            )
        if self.lengths[-1] > tokens:
            raise ValueError(
                "A batch must hold a pair of the longest bucket. Received: "
                f"{tokens=} and lengths={self.lengths}"
            )
        self._bucket = np.searchsorted(self.lengths, needed)
        self._rows = [tokens // length for length in self.lengths]
        self._order = functools.lru_cache(2)(self._new_order)

    @property
    def left_out(self):
        """int. How many pairs are too long for any bucket."""
        return int(np.sum(self._bucket == len(self.lengths)))

    @property
    def padding_share(self):
        """float. Share of places, of both sides, that hold padding."""
        places = kept = 0
        for n in range(self.num_batches):
            source, target, _ = self._batch(0, n)
            places += source.size + target.size
            kept += np.sum(source != self.padding_id)
            kept += np.sum(target != self.padding_id)
        return float(1 - kept / places)

    @property
    def num_batches(self):
        counts = np.bincount(self._bucket, minlength=len(self.lengths))
        return sum(
            -(-int(count) // rows)
            for count, rows in zip(counts, self._rows, strict=False)
        )

    def batches_from(self, start):
        import tensorflow as tf

        from keras_nn.data.batches import finished

        def numbers(epoch, batch):
            rest = tf.range(batch, self.num_batches, dtype="int64")
            return tf.data.Dataset.from_tensor_slices(
                (tf.fill(tf.shape(rest), epoch), rest)
            )

        def read(epoch, batch):
            parts = tf.numpy_function(
                self._batch, [epoch, batch], [tf.int32] * 3, stateful=False
            )
            for part in parts:
                part.set_shape((None, None))
            source, target, labels = parts
            return {"source": source, "target": target}, labels

        return finished(
            start.flat_map(numbers).map(
                read, num_parallel_calls=2, deterministic=True
            )
        )

    def _new_order(self, epoch):
        """A list of `(bucket, indices)`, one a batch."""
        generator = np.random.default_rng([self.seed, epoch])
        batches = []
        for bucket, rows in enumerate(self._rows):
            indices = np.flatnonzero(self._bucket == bucket)
            if self.shuffle:
                generator.shuffle(indices)
            for first in range(0, len(indices), rows):
                batches.append((bucket, indices[first : first + rows]))
        if self.shuffle:
            generator.shuffle(batches)
        return batches

    def _batch(self, epoch, number):
        bucket, indices = self._order(int(epoch))[int(number)]
        sources = [self._sources[i] for i in indices]
        targets = [self._targets[i] for i in indices]
        rows = len(indices) if self.dynamic else self._rows[bucket]
        shape = rows, self.lengths[bucket]
        shapes = shape, shape
        if self.dynamic:
            shapes = [
                (rows, max(map(len, side)) + 1) for side in (sources, targets)
            ]
        source = np.full(shapes[0], self.padding_id, "int32")
        target = np.full(shapes[1], self.padding_id, "int32")
        labels = np.full(shapes[1], IGNORED, "int32")
        for row, ids in enumerate(sources):
            source[row, : len(ids)] = ids
            source[row, len(ids)] = self.end_id
        for row, ids in enumerate(targets):
            target[row, 0] = self.start_id
            target[row, 1 : len(ids) + 1] = ids
            labels[row, : len(ids)] = ids
            labels[row, len(ids)] = self.end_id
        return source, target, labels


def pair_lengths(sources, targets):
    """Places that each pair needs: its longer side and the end token."""
    return np.array(
        [max(len(s), len(t)) + 1 for s, t in zip(sources, targets, strict=True)]
    )


def bucket_lengths(lengths, count=10, share=1.0):
    """Lengths of buckets, each with about as many pairs.

    Args:
        lengths: array of int.
        count: int. Most buckets. Defaults to 10.
        share: float. The share of pairs that shall fit. Defaults to 1.

    Returns:
        A list of int, rising.

    Example:

    >>> bucket_lengths(np.arange(1, 101), count=4)
    [26, 51, 76, 100]
    """
    shares = np.linspace(0, share, count + 1)[1:]
    edges = np.quantile(lengths, shares, method="higher")
    return sorted({int(edge) for edge in edges})
