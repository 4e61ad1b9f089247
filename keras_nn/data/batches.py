"""Pipelines from arrays or files to batches that are ready before use.

Nothing is left to `tf.data`'s autotuning: its thread makes the end of `fit`
wait, for up to 40 s after a long run.
"""

import tensorflow as tf

from keras_nn.data.decoded import columns
from keras_nn.data.decoded import cpu_count
from keras_nn.data.decoded import layout
from keras_nn.data.decoded import packed

PREFETCHED_BATCHES = 4
READ_TOGETHER = 16


def array_batches(
    start,
    x,
    y,
    batch_size,
    drop_remainder=False,
    shuffle=False,
    seed=0,
    parts=None,
):
    """Batches of arrays, each gathered at once by its shuffled indices.

    Here and below, `start` is a `tf.data.Dataset` of one pair
    `(epoch, batch)`: which pass, and the batch that it begins with; `parts`
    are those of one worker, as in `parts_of`.
    """
    # Gathering whole batches costs one operation a batch, not one an example.
    with tf.device("CPU:0"):
        x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    arrays = tf.data.Dataset.from_tensors((x, y)).repeat()
    indices = index_batches(
        start, len(y), batch_size, batch_size, drop_remainder, shuffle, seed
    )
    if parts is not None:
        indices = parts_of(indices, parts)
    dataset = tf.data.Dataset.zip(indices, arrays).map(
        lambda i, xy: (tf.gather(xy[0], i), tf.gather(xy[1], i)),
        num_parallel_calls=2,
        deterministic=True,
    )
    return finished(dataset)


def file_batches(
    start,
    paths,
    y,
    decode,
    batch_size,
    drop_remainder=False,
    shuffle=False,
    seed=0,
    parts=None,
):
    """Batches of files, or of records, read in parallel, in order."""
    with tf.device("CPU:0"):
        paths, y = tf.constant(paths), tf.convert_to_tensor(y)
    arrays = tf.data.Dataset.from_tensors((paths, y)).repeat()

    shapes, dtypes = layout(decode)
    read_batch = getattr(decode, "batch", None)

    def read(i, arrays):
        paths, y = arrays
        if read_batch is not None:
            return read_batch(tf.gather(paths, i)), tf.gather(y, i)
        x = tf.numpy_function(
            lambda chosen: columns(chosen, decode),
            [tf.gather(paths, i)],
            [tf.as_dtype(dtype) for dtype in dtypes],
            stateful=False,
        )
        for column, shape in zip(x, shapes, strict=True):
            column.set_shape((i.shape[0], *shape))
        return packed(x, decode), tf.gather(y, i)

    # A call costs as much as opening a file, so it reads several.
    together = getattr(decode, "read_together", READ_TOGETHER)
    chunk = min(batch_size, together) if parts is None else batch_size
    indices = index_batches(
        start,
        len(y),
        batch_size,
        chunk,
        drop_remainder and chunk == batch_size,
        shuffle,
        seed,
    )
    if parts is not None:
        indices = parts_of(indices, parts)
    dataset = tf.data.Dataset.zip(indices, arrays).map(
        read, num_parallel_calls=cpu_count(), deterministic=True
    )
    if chunk < batch_size:
        dataset = dataset.rebatch(batch_size, drop_remainder=drop_remainder)
    return finished(dataset)


def index_batches(
    start, size, batch_size, chunk, drop_remainder, shuffle, seed
):
    """The numbers below `size`, `chunk` at once, in another order every pass.

    The order follows from `seed` and the number of the pass alone.
    """

    def split(indices):
        full = tf.size(indices, tf.int64) // chunk * chunk
        batches = tf.data.Dataset.from_tensor_slices(
            tf.reshape(indices[:full], [-1, chunk])
        )
        if drop_remainder or not (size % chunk or batch_size % chunk):
            return batches
        rest = tf.data.Dataset.from_tensors(indices[full:])
        return batches.concatenate(rest.filter(lambda i: tf.size(i) > 0))

    return in_order(split, start, size, batch_size, shuffle, seed)


def drawn_batches(start, size, batch_size, shuffle, seed):
    """Indices of batches with their place: `(indices, epoch, number)`.

    For batches of which more is drawn, anew in every pass.
    """

    def numbered(epoch, first):
        indices = index_batches(
            tf.data.Dataset.from_tensors((epoch, first)),
            size,
            batch_size,
            batch_size,
            False,
            shuffle,
            seed,
        )
        return indices.enumerate(first).map(lambda n, i: (i, epoch, n))

    return start.flat_map(numbered)


def parts_of(indices, parts):
    """What one worker reads: its parts of each batch of numbers, in turn.

    With `parts = (first, last, n)` each batch is cut into `n` parts whose
    sizes differ by one at most (some are empty where it has fewer numbers), so
    that there are as many parts for every worker.
    """
    first, last, n = parts

    def cut(whole):
        size = tf.size(whole, tf.int64)
        return tf.data.Dataset.range(first, last).map(
            lambda part: whole[size * part // n : size * (part + 1) // n]
        )

    return indices.flat_map(cut)


def in_order(split, start, size, batch_size, shuffle, seed):
    """What `split` makes of the order of a pass, from its first batch on.

    `split` is a function from one vector of indices to a `tf.data.Dataset`.
    """

    def order(epoch, batch):
        indices = tf.range(size, dtype=tf.int64)
        if shuffle:
            indices = tf.random.experimental.stateless_shuffle(
                indices, tf.stack([tf.cast(seed, tf.int64), epoch])
            )
        return indices[batch * batch_size :]

    # Every function that `tf.data` traces costs some milliseconds.
    return start.flat_map(lambda epoch, batch: split(order(epoch, batch)))


def finished(dataset):
    """Prefetched, without autotuning or graph rewriting."""
    options = tf.data.Options()
    options.autotune.enabled = False
    options.deterministic = True
    options.experimental_optimization.apply_default_optimizations = False
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return dataset.prefetch(PREFETCHED_BATCHES).with_options(options)
