"""What a step on N replicas needs in order to equal a step on one.

A replica holds `n` of the `N` examples of a global batch. The loss of a
replica is written as if it were alone: a mean over its `n` examples. The
gradient of the whole batch is then the mean of the replicas' gradients
weighted by their shares `n / N`, exact for uneven batches too. It is formed
before anything looks at gradients, so that clipping by the global norm and the
finiteness test of half precision see the gradient of the whole batch.
"""

import contextlib
import threading

import keras
import tensorflow as tf
from keras import ops

_thread = threading.local()
_lock = threading.Lock()


def current_step():
    """The engine step that runs in this thread, or None."""
    return getattr(_thread, "step", None)


def num_replicas(strategy=None):
    """int. Replicas of `strategy`, or of the one in scope; 1 without one."""
    return (strategy or tf.distribute.get_strategy()).num_replicas_in_sync


def local_part(strategy, batch):
    """The first replica's part of a distributed batch."""
    return keras.tree.map_structure(
        lambda value: strategy.experimental_local_results(value)[0], batch
    )


def count_examples(data):
    """Scalar int tensor: the size of the leading axis of a batch."""
    leaf = next(
        leaf
        for leaf in tf.nest.flatten(data)
        if leaf is not None and not isinstance(leaf, tf.experimental.Optional)
    )
    if isinstance(leaf, tf.RaggedTensor):
        return tf.cast(leaf.nrows(), "int32")
    if isinstance(leaf, tf.SparseTensor):
        return tf.cast(leaf.dense_shape[0], "int32")
    return tf.shape(leaf)[0]


def all_reduce_sum(value):
    """Sum over replicas inside a step; the value itself on one replica."""
    if num_replicas() == 1:
        return value
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, value)


def all_finite(tensors):
    """Whether every number of every tensor is finite.

    Args:
        tensors: list of float tensors, `tf.IndexedSlices` or None.

    Returns:
        A scalar bool tensor.

    Example:

    >>> bool(all_finite([tf.constant([1.0, 2.0]), None]))
    True
    >>> bool(all_finite([tf.constant([1.0, float("nan")])]))
    False
    """
    checks = [
        tf.reduce_all(tf.math.is_finite(tf.convert_to_tensor(tensor)))
        for tensor in tensors
        if tensor is not None
    ]
    return tf.reduce_all(checks) if checks else tf.constant(True)


def holds_reduced_gradients(optimizer):
    """Whether `optimizer.apply` is being handed whole-batch gradients."""
    return getattr(optimizer, "_keras_nn_reduced", 0) > 0


@contextlib.contextmanager
def _reduced_gradients(optimizer):
    # A count, not a flag: the replicas' threads enter one after another and
    # leave one after another. The inner optimiser of a loss-scale optimiser
    # is called from threads of its own, so the mark cannot be thread-local.
    marked = [optimizer]
    if hasattr(optimizer, "inner_optimizer"):
        marked.append(optimizer.inner_optimizer)

    def add(amount):
        with _lock:
            for one in marked:
                count = getattr(one, "_keras_nn_reduced", 0)
                object.__setattr__(one, "_keras_nn_reduced", count + amount)

    add(1)
    try:
        yield
    finally:
        add(-1)


class Step:
    """One train or test step of one replica, while it is being traced.

    Args:
        data: the replica's batch.
        observers: list of callables `observer(variables, gradients)`, handed
            the whole-batch, unscaled, unclipped gradients.
        skip_nonfinite: bool. Leave weights and optimiser as they are when a
            gradient is not finite.
    """

    def __init__(self, data, observers=(), skip_nonfinite=False):
        self.replicas = num_replicas()
        self.examples = count_examples(data)
        self.observers = observers
        self.skip_nonfinite = skip_nonfinite
        self.applying = False
        self.scaled_by = set()  # ids of optimisers whose `scale_loss` ran
        self.finite = None  # after `apply`, where non-finite steps are skipped
        self._total = None

    @property
    def total_examples(self):
        """Scalar int tensor: examples of the global batch."""
        if self._total is None:
            self._total = all_reduce_sum(self.examples)
        return self._total

    @property
    def share(self):
        """Scalar float tensor `n / N`, the weight of this replica."""
        return tf.cast(self.examples, "float32") / tf.cast(
            self.total_examples, "float32"
        )

    def correct(self, value, values, sample_weight, mask, reduction):
        """A local reduction whose share-weighted sum is the global one.

        Only reductions that do not divide by the number of examples need it:
        a masked mean divides by the valid entries, a weighted mean by the
        weights, a sum by nothing.
        """
        if self.replicas == 1 or reduction in (None, "none"):
            return value
        share = ops.cast(self.share, value.dtype)
        if reduction == "sum":
            return value / share
        if reduction == "mean_with_sample_weight" and sample_weight is not None:
            weights = ops.cast(sample_weight, value.dtype)
            if mask is not None:
                weights = weights * ops.cast(mask, value.dtype)
            local = ops.sum(weights)
        elif mask is not None:
            local = ops.sum(ops.cast(mask, value.dtype))
        else:
            return value
        total = all_reduce_sum(local)
        return ops.divide_no_nan(value * local, total * share)

    def apply(self, original, optimizer, gradients, variables):
        """`optimizer.apply` on the gradient of the whole batch."""
        weighted = id(optimizer) in self.scaled_by
        if _scales_loss(optimizer) and not weighted:
            raise ValueError(
                "A float16 step must scale its loss, or gradients vanish and "
                "nothing is learnt. In `train_step`, call "
                "`self.minimize(loss, tape, variables, optimizer)`, or take "
                "the gradient of `optimizer.scale_loss(loss)`. Received: a "
                f"step that applies {type(optimizer).__name__} "
                f"'{optimizer.name}' to an unscaled loss"
            )
        gradients = self._whole_batch(list(gradients), weighted)
        if self.observers:
            self._observe(optimizer, gradients, variables)
        with self._applying(), _reduced_gradients(optimizer):
            if not self.skip_nonfinite or _scales_loss(optimizer):
                # A loss-scale optimiser skips such a step by itself.
                return original(optimizer, gradients, variables)
            return self._apply_if_finite(
                original, optimizer, gradients, variables
            )

    @contextlib.contextmanager
    def _applying(self):
        self.applying = True
        try:
            yield
        finally:
            self.applying = False

    def weigh(self, loss):
        """The share of `loss` in the loss of the whole batch.

        Weighing the loss instead of its gradient also weighs what flows
        back through the replicas, as in synchronised batch normalisation.
        """
        if self.replicas == 1:
            return loss
        return self.of_examples(loss) * ops.cast(self.share, loss.dtype)

    def of_examples(self, value):
        """`value`, or zero on a replica that holds no example.

        The last batch may be smaller than the number of replicas, and a mean
        over nothing is NaN.
        """
        if self.replicas == 1:
            return value
        return ops.where(self.examples > 0, value, ops.zeros_like(value))

    def _whole_batch(self, gradients, weighted):
        if self.replicas == 1:
            return gradients
        present = [g for g in gradients if g is not None]
        if not weighted:  # a step that never called `optimizer.scale_loss`
            present = [_times(g, self.share) for g in present]
        reduced = iter(all_reduce_sum(present) if present else ())
        return [None if g is None else next(reduced) for g in gradients]

    def _observe(self, optimizer, gradients, variables):
        if _scales_loss(optimizer):
            scale = 1.0 / optimizer.scale_loss(1.0)
            gradients = [
                None if g is None else _times(g, scale) for g in gradients
            ]
        for observer in self.observers:
            observer(variables, gradients)

    def _apply_if_finite(self, original, optimizer, gradients, variables):
        if not optimizer.built:
            optimizer.build(variables)
        finite = all_finite(gradients)
        before = True if self.finite is None else self.finite
        self.finite = tf.logical_and(before, finite)
        context = tf.distribute.get_replica_context()
        if tf.__internal__.distribute.strategy_supports_no_merge_call():

            def update():
                original(optimizer, gradients, variables)
                return True

            tf.cond(finite, update, lambda: False)
            return

        def across_replicas(strategy, finite, gradients):
            # A cond may not hold a merge call; it is entered outside the
            # replicas instead. Every replica holds the same `finite`.
            first = strategy.experimental_local_results(finite)[0]

            def update():
                strategy.extended.call_for_each_replica(
                    original, args=(optimizer, gradients, variables)
                )
                return True

            tf.cond(first, update, lambda: False)

        context.merge_call(across_replicas, args=(finite, gradients))


@contextlib.contextmanager
def enter(step):
    """Makes `step` the current one of this thread."""
    previous = current_step()
    _thread.step = step
    try:
        yield step
    finally:
        _thread.step = previous


def _scales_loss(optimizer):
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def _times(gradient, factor):
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(
            gradient.values * tf.cast(factor, gradient.values.dtype),
            gradient.indices,
            gradient.dense_shape,
        )
    return gradient * tf.cast(factor, gradient.dtype)
