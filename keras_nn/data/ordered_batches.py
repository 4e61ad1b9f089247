import itertools


class OrderedBatches:
    """Batches in an order that is known beforehand: any pass, from any batch.

    Abstract. What makes a training resumable: `fit` asks for pass `epoch`
    from batch number `batch` on, and gets the batches that it would have got
    had it read everything before. A subclass defines `num_batches` and
    `batches_from`, which depend on the constructor's arguments and on the
    position alone. It may define `of_worker(input_context)`, the part of its
    batches that one of several workers reads (see `SplitBatches`); otherwise
    every worker reads all of them.

    Attributes:
        whole: nest of NumPy arrays in the structure of a batch, from which
            every batch takes its values, or None. `fit` then looks for wrong
            values there once, and not in every batch.
        has_few_shapes: bool. Whether batches differ in shape, but have few:
            `fit` then traces, and XLA compiles, a step for each.
        reads_on: bool. Whether `batches_from` also takes many positions, and
            gives their passes one after another: `fit` then makes one
            iterator, which costs some 50 ms, and not one an epoch.

    Example:

    >>> import tensorflow as tf
    >>> class Squares(OrderedBatches):
    ...     num_batches = 4
    ...     def batches_from(self, start):
    ...         numbers = start.flat_map(
    ...             lambda epoch, batch: tf.data.Dataset.range(batch, 4)
    ...         )
    ...         return numbers.map(tf.square)
    >>> [int(batch) for batch in Squares().at(epoch=7, batch=2)]
    [4, 9]
    """

    whole = None
    has_few_shapes = False
    reads_on = False

    @property
    def num_batches(self):
        """int, the batches of one pass; None if that is not known."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `num_batches`."
        )

    def batches_from(self, start):
        """The batches of one pass.

        Args:
            start: `tf.data.Dataset` of one element, a pair of int64 scalars:
                the number of the pass and of its first batch, from 0.

        Returns:
            A `tf.data.Dataset` of batches.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `batches_from`."
        )

    def at(self, epoch, batch=0):
        """The batches of pass `epoch` from number `batch` on.

        Args:
            epoch: int.
            batch: int. Defaults to 0.

        Returns:
            A `tf.data.Dataset`.
        """
        import tensorflow as tf

        position = tf.constant(epoch, "int64"), tf.constant(batch, "int64")
        return self.batches_from(tf.data.Dataset.from_tensors(position))

    def dataset(self):
        """A `tf.data.Dataset` whose next pass is the next one in order."""
        passes = itertools.count()
        dataset = self.batches_from(position(lambda: (next(passes), 0)))
        if self.num_batches is None:
            return dataset
        return with_length(dataset, self.num_batches)


def position(ask):
    """A data set of one pair `(epoch, batch)`, asked for at every pass.

    Args:
        ask: callable without arguments that returns two ints.
    """
    import numpy as np
    import tensorflow as tf

    def read(_):
        # Kept in Python, since a variable would be mirrored in a scope.
        pair = tf.numpy_function(
            lambda: np.array(ask(), "int64"), [], tf.int64, stateful=True
        )
        pair.set_shape((2,))
        return pair[0], pair[1]

    return tf.data.Dataset.range(1).map(read)


def and_all_after(start):
    """From a data set of one position on: that pass, and every later one."""
    import tensorflow as tf

    def passes(epoch, batch):
        return tf.data.Dataset.range(tf.int64.max).map(
            lambda n: (epoch + n, tf.where(n == 0, batch, 0))
        )

    return start.flat_map(passes)


def parts_of_worker(input_context):
    """Which parts of each batch are a worker's: `(first, last, n)`.

    Args:
        input_context: `tf.distribute.InputContext`.
    """
    n = input_context.num_replicas_in_sync
    each = n // input_context.num_input_pipelines
    first = input_context.input_pipeline_id * each
    return first, first + each, n


def with_length(dataset, num_batches):
    """`dataset`, which says how many batches it has."""
    import tensorflow as tf

    return dataset.apply(tf.data.experimental.assert_cardinality(num_batches))
