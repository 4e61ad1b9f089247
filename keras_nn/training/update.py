"""An optimiser is handed the gradient of the whole batch.

Keras sums gradients over replicas after it has clipped them, and puts
conditions around updates that replicas cannot make inside a condition. Here
the gradient is whole before anything looks at it, and a condition is either
entered outside the replicas or taken on values.
"""

import contextlib
import threading

import keras
import tensorflow as tf

from keras_nn.training import replicas

_lock = threading.Lock()


def innermost(optimizer):
    """The optimiser inside a loss-scale optimiser, or the optimiser itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def scales_loss(optimizer):
    """Whether `optimizer` is a loss-scale optimiser."""
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def holds_whole_gradients(optimizer):
    """Whether `optimizer.apply` is being handed whole-batch gradients."""
    return getattr(optimizer, "_keras_nn_whole", 0) > 0


@contextlib.contextmanager
def _whole_gradients(optimizer):
    # A count, not a flag: the replicas' threads enter one after another and
    # leave one after another. The inner optimiser of a loss-scale optimiser
    # is called from threads of its own, so the mark cannot be thread-local.
    marked = {id(one): one for one in (optimizer, innermost(optimizer))}

    def add(amount):
        with _lock:
            for one in marked.values():
                count = getattr(one, "_keras_nn_whole", 0)
                object.__setattr__(one, "_keras_nn_whole", count + amount)

    add(1)
    try:
        yield
    finally:
        add(-1)


@contextlib.contextmanager
def _read_once(optimizer):
    """Inside, iterations and rate are one tensor for all variables.

    Adam reads the iterations for each, and TensorFlow would compute the
    powers of both of its rates anew each time: 0.4 ms for 42 variables.
    Weight decay asks a schedule for each.
    """
    counter, rate = optimizer._iterations, optimizer._learning_rate
    if replicas.num_replicas() == 1:
        current = optimizer.learning_rate
        value = tf.convert_to_tensor(counter.value)
        object.__setattr__(optimizer, "_iterations", value)
        if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            object.__setattr__(optimizer, "_learning_rate", lambda: current)
    try:
        yield
    finally:
        object.__setattr__(optimizer, "_iterations", counter)
        object.__setattr__(optimizer, "_learning_rate", rate)


class Update:
    """The part of a step that moves weights, while it is being traced.

    Args:
        observers: list of callables `observer(variables, gradients)`, handed
            the whole-batch, unscaled, unclipped gradients.
        skip_nonfinite: bool. Leave weights and optimiser as they are when a
            gradient is not finite.
    """

    def __init__(self, observers=(), skip_nonfinite=False):
        self.observers = observers
        self.skip_nonfinite = skip_nonfinite
        self.applying = False
        self.finite = None  # after `apply`, where non-finite steps are skipped

    def apply(self, original, optimizer, gradients, variables):
        """`optimizer.apply` on the gradient of the whole batch."""
        if self.observers:
            self._observe(optimizer, gradients, variables)
        with self._applying(), _whole_gradients(optimizer):
            finite = self.judge(optimizer, gradients)
            if finite is None:
                return original(optimizer, gradients, variables)
            return _apply_if(finite, original, optimizer, gradients, variables)

    def judge(self, optimizer, gradients):
        """Whether these gradients are finite, or None if nobody asks.

        Notes in `finite` whether they are, and all before. A loss-scale
        optimiser skips a step that is not finite by itself.
        """
        if not self.skip_nonfinite or scales_loss(optimizer):
            return None
        finite = replicas.all_finite(gradients)
        before = True if self.finite is None else self.finite
        self.finite = tf.logical_and(before, finite)
        return finite

    @contextlib.contextmanager
    def _applying(self):
        self.applying = True
        try:
            yield
        finally:
            self.applying = False

    def _observe(self, optimizer, gradients, variables):
        if scales_loss(optimizer):
            scale = optimizer.initial_scale
            if optimizer.built:
                scale = optimizer.dynamic_scale.value
            scale = 1.0 / scale
            gradients = [
                None if g is None else replicas.times(g, scale)
                for g in gradients
            ]
        for observer in self.observers:
            observer(variables, gradients)


def _apply_if(condition, original, optimizer, gradients, variables):
    if not optimizer.built:
        optimizer.build(variables)
    context = tf.distribute.get_replica_context()
    if tf.__internal__.distribute.strategy_supports_no_merge_call():

        def update():
            original(optimizer, gradients, variables)
            return True

        tf.cond(condition, update, lambda: False)
        return

    def across_replicas(strategy, condition, gradients):
        # A cond may not hold a merge call; it is entered outside the
        # replicas instead. Every replica holds the same `condition`.
        first = strategy.experimental_local_results(condition)[0]

        def update():
            strategy.extended.call_for_each_replica(
                original, args=(optimizer, gradients, variables)
            )
            return True

        tf.cond(first, update, lambda: False)

    context.merge_call(across_replicas, args=(condition, gradients))


def apply_whole(optimizer, gradients, variables):
    """Keras's `_backend_apply_gradients` without its conditions.

    Accumulation is over when it is called. Weights are overwritten by their
    average on values: all are assigned in every step, most to themselves.
    """
    gradients = optimizer._clip_gradients(gradients)
    with _read_once(optimizer):
        optimizer._apply_weight_decay(variables)
        rate = optimizer.learning_rate
        optimizer._backend_update_step(gradients, variables, rate)
    if not optimizer.use_ema:
        return
    weights = optimizer._trainable_variables
    optimizer._update_model_variables_moving_average(weights)
    if not optimizer.ema_overwrite_frequency:
        return
    due = (optimizer.iterations + 1) % optimizer.ema_overwrite_frequency == 0
    averages = optimizer._model_variables_moving_average
    for weight, average in zip(weights, averages, strict=True):
        if average is not None:
            weight.assign(tf.where(due, average.value, weight.value))
