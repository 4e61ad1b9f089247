import collections

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.gradient_tap import GradientTap
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import is_built
from keras_nn.callbacks.layer_tree import owners


class GradientMonitor(Instrument):
    """Writes how large gradients and updates are, layer by layer.

    The gradients are those of the training step itself: the norms are
    computed inside the step, every `every` steps, from the unscaled gradients
    of the whole batch before clipping. No second backward pass is made. The
    update ratio compares the weights before and after one such step; with
    `steps_per_execution` above 1, before and after one execution.

    Read it for: a `gradient_norm` that falls by orders of magnitude towards
    the input (vanishing), or jumps up from one value to the next (exploding);
    an `update_ratio` far from its usual size of about 0.001: above 0.1 the
    learning rate is too high for that layer, below 0.000001 the layer hardly
    learns.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        every: int. Write once per this many steps. Defaults to 100.
        vanishing: float. A layer whose norm is less than this share of the
            largest layer's has a vanishing gradient. Defaults to 1e-5.
        exploding: float. A global norm above this is exploding. Defaults
            to 1e3.

    Writes to `log_dir/train`, at the number of optimiser steps taken:
        `gradient_norm/<layer>`: scalar, unitless, L2 norm over the weights
            of the layer.
        `gradient_norm_global`: scalar, L2 norm over all weights.
        `update_ratio/<layer>`: scalar, `|w_after - w_before| / |w_before|`,
            left out where the weights are all zero.
        `gradient_verdict`: text, at the end of every epoch that saw a
            measurement, and when it changes.

    Attributes:
        verdict: str. The last verdict.

    Example:

    >>> import keras, tempfile
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> monitor = GradientMonitor(tempfile.mkdtemp(), every=1)
    >>> x = np.ones((4, 2))
    >>> _ = model.fit(x, x[:, :1], verbose=0, callbacks=[monitor])
    >>> monitor.verdict
    'healthy'
    """

    def __init__(self, log_dir, every=100, vanishing=1e-5, exploding=1e3):
        super().__init__(log_dir, every)
        if not 0 < vanishing < 1:
            raise ValueError(
                f"`vanishing` must lie between 0 and 1. Received: {vanishing=}"
            )
        if exploding <= 0:
            raise ValueError(
                f"`exploding` must be positive. Received: {exploding=}"
            )
        self.vanishing = vanishing
        self.exploding = exploding
        self.verdict = None
        self._tap = GradientTap(self._observe)
        self._variables = []
        self._due = None

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._before = None
        self._executions = 0
        if self._due is None:
            with self.model.distribute_strategy.scope():
                self._due = _replica_variable(tf.constant(False))
        variables = []
        if is_built(self.model):
            variables = list(self.model.trainable_variables)
        if self._variables and not _same(self._variables, variables):
            self._variables = []
            # A step that was traced for other variables must not run again.
            self._tap = GradientTap(self._observe)
        if variables and not self._variables:
            self._start(variables)
        self._tap.attach(self.model)

    def _start(self, variables):
        """Room for one squared norm a variable; -1 means no gradient."""
        self._variables = variables
        self._slots = {id(v): slot for slot, v in enumerate(variables)}
        self._layers = collections.defaultdict(list)
        owner = owners(self.model)
        for slot, variable in enumerate(variables):
            self._layers[owner[id(variable)]].append(slot)
        with self.model.distribute_strategy.scope():
            self._squares = _replica_variable(-tf.ones(len(variables)))

    def _observe(self, variables, gradients):
        """Becomes part of the training step."""
        if not self._variables:  # the model was built by this very step
            with tf.init_scope():
                self._start(list(self.model.trainable_variables))
        slots, present = [], []
        for variable, gradient in zip(variables, gradients, strict=True):
            slot = self._slots.get(id(variable))
            if gradient is not None and slot is not None:
                slots.append([slot])
                present.append(gradient)
        if not present:
            return

        def measure():
            squares = [_square(gradient) for gradient in present]
            return tf.tensor_scatter_nd_update(
                self._squares, slots, tf.stack(squares)
            )

        # Only due steps pay for the norms.
        self._squares.assign(
            tf.cond(self._due, measure, lambda: tf.identity(self._squares))
        )

    def checkpoint_state(self):
        return {"executions": self._executions, "verdict": self.verdict}

    def restore_checkpoint_state(self, state):
        self._executions = state["executions"]
        self.verdict = state["verdict"]

    def on_train_batch_begin(self, batch, logs=None):
        if self._executions % self.every == 0:
            self._due.assign(True)
            self._before = [tf.identity(v.value) for v in self._variables]

    def on_train_batch_end(self, batch, logs=None):
        self._executions += 1
        if self._before is None:
            return
        if not self._variables:  # nothing here is trained by gradients
            self._before = None
            return
        squares = self._squares.numpy().astype("float64")
        changes = np.zeros((2, len(squares)))
        if self._before:  # else this was the step that built the model
            after = [tf.convert_to_tensor(v.value) for v in self._variables]
            changes = _squared_changes(self._before, after).numpy()
        self._before = None
        self._due.assign(False)
        norms = self._by_layer(np.where(squares < 0, np.nan, squares))
        self._write(norms, *(self._by_layer(part) for part in changes))

    def _by_layer(self, squares):
        return {
            layer: _root_of_sum(squares[slots])
            for layer, slots in self._layers.items()
        }

    def _write(self, norms, changes, sizes):
        present = [n for n in norms.values() if n is not None]
        total = float(np.sqrt(np.sum(np.square(present))))
        with self.write(self.step):
            tf.summary.scalar("gradient_norm_global", total)
            for layer, norm in norms.items():
                if norm is not None:
                    tf.summary.scalar(f"gradient_norm/{layer}", norm)
                if sizes[layer] > 0:
                    ratio = changes[layer] / sizes[layer]
                    tf.summary.scalar(f"update_ratio/{layer}", ratio)
            verdict = judge(norms, self.vanishing, self.exploding)
            if verdict != self.verdict:
                self.verdict = verdict
                tf.summary.text("gradient_verdict", verdict)

    def on_epoch_end(self, epoch, logs=None):
        if self.verdict is not None:
            with self.write(self.step):
                tf.summary.text("gradient_verdict", self.verdict)

    def on_train_end(self, logs=None):
        self._tap.detach()
        super().on_train_end(logs)

    def on_train_error(self, error):
        self.on_train_end()


def judge(norms, vanishing=1e-5, exploding=1e3):
    """What the gradient norms of the layers say, in words.

    Args:
        norms: dict, layer name to L2 norm, or to None where no gradient
            reached the layer.
        vanishing: float, a share of the largest norm.
        exploding: float, a limit of the global norm.

    Returns:
        str: `"healthy"`, or what is wrong and where.

    Example:

    >>> judge({"first": 1e-9, "last": 1.0})
    'vanishing: first (1e-09, largest is last with 1)'
    >>> judge({"first": float("inf"), "last": 1.0})
    'exploding: not finite in first'
    """
    missing = [layer for layer, norm in norms.items() if norm is None]
    present = {k: n for k, n in norms.items() if n is not None}
    findings = []
    infinite = [k for k, n in present.items() if not np.isfinite(n)]
    largest = max(present, key=present.get, default=None)
    if infinite:
        findings.append(f"exploding: not finite in {', '.join(infinite)}")
    elif largest is not None:
        total = np.sqrt(np.sum(np.square(list(present.values()))))
        top = present[largest]
        if total > exploding:
            findings.append(
                f"exploding: global norm {total:.3g}, "
                f"largest in {largest} ({top:.3g})"
            )
        small = [
            f"{layer} ({norm:.3g}"
            for layer, norm in present.items()
            if norm < vanishing * top or norm == 0
        ]
        if small:
            listed = "), ".join(small)
            findings.append(
                f"vanishing: {listed}, largest is {largest} with {top:.3g})"
            )
    if missing:
        findings.append(f"no gradient reaches {', '.join(missing)}")
    return "; ".join(findings) or "healthy"


def _replica_variable(value):
    return tf.Variable(
        value,
        trainable=False,
        synchronization=tf.VariableSynchronization.ON_READ,
        aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
    )


def _square(gradient):
    gradient = tf.cast(tf.convert_to_tensor(gradient), "float32")
    return tf.reduce_sum(tf.square(gradient))


def _root_of_sum(squares):
    present = squares[~np.isnan(squares)]
    return float(np.sqrt(present.sum())) if len(present) else None


@tf.function(reduce_retracing=True)
def _squared_changes(before, after):
    """Squared norms `|after - before|**2` and `|before|**2`, one a weight."""
    before = [tf.cast(w, "float32") for w in before]
    after = [tf.cast(w, "float32") for w in after]
    changes = [
        tf.reduce_sum(tf.square(a - b))
        for a, b in zip(after, before, strict=True)
    ]
    sizes = [tf.reduce_sum(tf.square(b)) for b in before]
    return tf.stack([tf.stack(changes), tf.stack(sizes)])


def _same(these, those):
    return len(these) == len(those) and all(
        a is b for a, b in zip(these, those, strict=True)
    )
