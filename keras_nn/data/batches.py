"""Pipelines from arrays or files to batches that are ready before use.

Nothing is left to `tf.data`'s autotuning: its thread makes the end of `fit`
wait, for up to 40 s after a long run.
"""

import itertools

import numpy as np
import tensorflow as tf

from keras_nn.data.decoded import cpu_count
from keras_nn.data.steps import steps

PREFETCHED_BATCHES = 4
READ_TOGETHER = 16


def array_batches(
    x, y, batch_size, drop_remainder=False, shuffle=False, seed=0
):
    """Batches of arrays, each gathered at once by its shuffled indices."""
    # Gathering whole batches costs one operation a batch, not one an example.
    with tf.device("CPU:0"):
        x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    arrays = tf.data.Dataset.from_tensors((x, y)).repeat()
    indices = index_batches(len(y), batch_size, drop_remainder, shuffle, seed)
    dataset = tf.data.Dataset.zip(indices, arrays).map(
        lambda i, xy: (tf.gather(xy[0], i), tf.gather(xy[1], i)),
        num_parallel_calls=2,
        deterministic=True,
    )
    return finished(dataset, steps(y, batch_size, drop_remainder))


def file_batches(
    paths, y, decode, batch_size, drop_remainder=False, shuffle=False, seed=0
):
    """Batches of files, read in parallel, in order."""
    with tf.device("CPU:0"):
        paths, y = tf.constant(paths), tf.convert_to_tensor(y)
    arrays = tf.data.Dataset.from_tensors((paths, y)).repeat()

    def read(i, arrays):
        paths, y = arrays
        x = tf.numpy_function(
            lambda chosen: np.stack([decode(path.decode()) for path in chosen]),
            [tf.gather(paths, i)],
            tf.as_dtype(decode.dtype),
            stateful=False,
        )
        x.set_shape((i.shape[0], *decode.shape))
        return x, tf.gather(y, i)

    # A call costs as much as opening a file, so it reads several.
    chunk = min(batch_size, READ_TOGETHER)
    indices = index_batches(len(y), chunk, False, shuffle, seed)
    dataset = tf.data.Dataset.zip(indices, arrays).map(
        read, num_parallel_calls=cpu_count(), deterministic=True
    )
    dataset = dataset.rebatch(batch_size, drop_remainder=drop_remainder)
    return finished(dataset, steps(y, batch_size, drop_remainder))


def index_batches(size, batch_size, drop_remainder, shuffle, seed):
    """Batches of the numbers below `size`, in another order every pass."""
    passes = itertools.count()
    full = size // batch_size * batch_size

    def epoch(_):
        indices = tf.range(size, dtype=tf.int64)
        if not shuffle:
            return indices
        # A counter in Python, since a variable would be mirrored in a scope.
        number = tf.numpy_function(
            lambda: np.int64(next(passes)), [], tf.int64, stateful=True
        )
        number.set_shape(())
        return tf.random.experimental.stateless_shuffle(
            indices, tf.stack([tf.cast(seed, tf.int64), number])
        )

    def split(indices):
        batches = tf.data.Dataset.from_tensor_slices(
            tf.reshape(indices[:full], [-1, batch_size])
        )
        if full < size and not drop_remainder:
            rest = tf.data.Dataset.from_tensors(indices[full:])
            batches = batches.concatenate(rest)
        return batches

    return tf.data.Dataset.range(1).map(epoch).flat_map(split)


def finished(dataset, cardinality):
    """Known length, prefetched, without autotuning or graph rewriting."""
    options = tf.data.Options()
    options.autotune.enabled = False
    options.deterministic = True
    options.experimental_optimization.apply_default_optimizations = False
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    dataset = dataset.apply(
        tf.data.experimental.assert_cardinality(cardinality)
    )
    return dataset.prefetch(PREFETCHED_BATCHES).with_options(options)
