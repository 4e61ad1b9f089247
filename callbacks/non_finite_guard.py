import collections
import dataclasses
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.call_recorder import innermost
from keras_nn.callbacks.call_recorder import of_graph
from keras_nn.callbacks.gradient_tap import GradientTap
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.layer_tree import owners
from keras_nn.training.replicas import all_finite


@dataclasses.dataclass(frozen=True)
class NonFiniteReport:
    """Where numbers stopped being finite.

    Attributes:
        epoch: int, counted from 0.
        batch: int, counted from 0 in the epoch.
        what: str: `"data"`, `"activations"`, `"loss"` or `"gradients"`, the
            first in this order that is not finite; `"update"` where only the
            mean gradient of several batches is looked at.
        layer: str or None. The first layer in forward order whose output is
            not finite; for gradients the last one in forward order, where
            backpropagation met the fault first.
    """

    epoch: int
    batch: int
    what: str
    layer: str | None

    def __str__(self):
        where = {
            "data": "the data itself holds NaN or infinity",
            "activations": f"layer '{self.layer}' is the first whose output "
            "is not finite, from finite inputs",
            "loss": "every layer's output is finite, the loss is not",
            "gradients": "data, outputs and loss are finite, the gradient "
            f"is not, first at layer '{self.layer}' going backwards",
            "update": "the mean gradient of the accumulated batches is not "
            f"finite, first at layer '{self.layer}' going backwards",
        }[self.what]
        return f"epoch {self.epoch}, batch {self.batch}: {where}"


class NonFiniteGuard(Instrument):
    """Stops training at the first NaN or infinity and says where it arose.

    The update of that step is not made, so the weights are still finite and
    the model can be saved. What is looked at, and found, is the very step
    that failed: every step checks its gradients, and only in a step that
    fails the outputs of the layers are checked too, so that guarding costs
    one pass over the gradients. Works with XLA and on several replicas.

    With a `keras_nn.training.Model` the failing step changes nothing at all.
    Any other `keras.Model` takes a step with zero gradients instead: momentum
    and weight decay still act in it.

    Half precision with loss scaling overflows now and then on purpose; the
    optimiser skips such a step and halves the scale. That is no fault here,
    unless the loss itself is not finite or `patience` steps in a row fail.

    Where gradients accumulate, the mean gradient of an update is looked at
    and a layer is found by it alone.

    A layer that runs in a loop is one layer. What a model computes with plain
    functions between its layers is attributed to the next layer, or to the
    loss.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        patience: int. Steps in a row that loss scaling may skip. Defaults
            to 20.

    Writes to `log_dir/train`, at the number of optimiser steps taken:
        `non_finite`: text, the report.

    Attributes:
        report: `NonFiniteReport` or None.

    Example:

    >>> import tempfile
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> guard = NonFiniteGuard(tempfile.mkdtemp())
    >>> x = np.array([[1.0], [np.nan]])
    >>> with warnings.catch_warnings(action="ignore"):
    ...     _ = model.fit(x, x, verbose=0, callbacks=[guard])
    >>> print(guard.report)
    epoch 0, batch 0: the data itself holds NaN or infinity
    >>> bool(np.isfinite(model.get_weights()[0]).all())
    True
    """

    names_divergence = True

    def __init__(self, log_dir, patience=20):
        super().__init__(log_dir)
        if patience < 1:
            raise ValueError(
                f"`patience` must be at least 1. Received: {patience=}"
            )
        self.patience = patience
        self.report = None
        self._tap = GradientTap(self._observe, skip_nonfinite=True)
        self._recorder = None
        self._watched = None

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.report = None
        self._in_a_row = 0
        if self._watched is not self.model:
            self._watched = self.model
            paths = ["", *[path for path, _ in descendants(self.model)]]
            self._paths = {path: index for index, path in enumerate(paths)}
            self._order = []
            with self.model.distribute_strategy.scope():
                # For data and outputs, and for gradients: 1 where not finite.
                self._faults = tf.Variable(
                    tf.zeros((2, len(paths))),
                    trainable=False,
                    synchronization=tf.VariableSynchronization.ON_READ,
                    aggregation=tf.VariableAggregation.SUM,
                )
        self._faults.assign(tf.zeros_like(self._faults.numpy()))
        self._recorder = CallRecorder(self.model)
        self._recorder.__enter__()
        self._tap.attach(self.model)

    def _observe(self, variables, gradients):
        """Becomes part of the training step."""
        outputs, gradients_of = self._suspects(variables, gradients)

        def look():
            return tf.stack([self._mark(outputs), self._mark(gradients_of)])

        # Only a step that fails pays for the look at every layer.
        self._faults.assign(
            tf.cond(
                all_finite(gradients),
                lambda: tf.zeros((2, len(self._paths))),
                look,
            )
        )

    def _suspects(self, variables, gradients):
        """Tensors to look at: of each layer, and gradients of its weights."""
        calls = self._recorder.calls
        if not tf.executing_eagerly():
            context = tf.distribute.get_replica_context()
            replica = context.replica_id_in_sync_group
            calls = of_graph(
                calls,
                tf.compat.v1.get_default_graph(),
                replica if isinstance(replica, int) else 0,
            )
        outputs = collections.defaultdict(list)
        for call in calls:
            if not call.path:
                outputs[""] += _floats(call.inputs)
        for call in innermost(calls):
            outputs[call.path] += _floats(call.outputs)
        self._order = [path for path in outputs if path]
        self._looked_at_outputs = bool(outputs)
        gradients_of = collections.defaultdict(list)
        owner = owners(self.model)
        for variable, gradient in zip(variables, gradients, strict=True):
            path = owner.get(id(variable), "")
            gradients_of[path if path in self._paths else ""].append(gradient)
        return outputs, gradients_of

    def _mark(self, tensors_of):
        marks = [tf.constant(0.0)] * len(self._paths)
        for path, tensors in tensors_of.items():
            bad = tf.logical_not(all_finite(tensors))
            marks[self._paths[path]] = tf.cast(bad, "float32")
        return tf.stack(marks)

    def checkpoint_state(self):
        return {"in_a_row": self._in_a_row}

    def restore_checkpoint_state(self, state):
        self._in_a_row = state["in_a_row"]

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        self._recorder.calls.clear()
        loss = (logs or {}).get("loss", 0.0)
        loss_is_finite = bool(np.isfinite(loss))
        faults = self._faults.numpy() > 0
        self._in_a_row = self._in_a_row + 1 if faults.any() else 0
        if loss_is_finite and (not faults.any() or self._may_overflow()):
            return
        self.report = self._judge(batch, loss_is_finite, *faults)
        self.model.stop_training = True
        with self.write(self.step):
            tf.summary.text("non_finite", str(self.report))
        warnings.warn(f"training stopped: {self.report}", stacklevel=2)

    def _may_overflow(self):
        optimizers = getattr(self.model, "all_optimizers", None)
        if optimizers is None:
            optimizers = [self.model.optimizer]
        scaled = any(
            isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
            for optimizer in optimizers
        )
        return scaled and self._in_a_row < self.patience

    def _judge(self, batch, loss_is_finite, outputs, gradients):
        if not self._looked_at_outputs and gradients.any():
            bad = [p for p, index in self._paths.items() if gradients[index]]
            return NonFiniteReport(self._epoch, batch, "update", bad[-1])
        if outputs[0]:
            return NonFiniteReport(self._epoch, batch, "data", None)
        for path in self._order:
            if outputs[self._paths[path]]:
                return NonFiniteReport(self._epoch, batch, "activations", path)
        if not loss_is_finite:
            return NonFiniteReport(self._epoch, batch, "loss", None)
        bad = [path for path, index in self._paths.items() if gradients[index]]
        in_order = [path for path in self._order if path in bad] or bad
        return NonFiniteReport(self._epoch, batch, "gradients", in_order[-1])

    def on_train_end(self, logs=None):
        self._tap.detach()
        self._recorder.__exit__()
        super().on_train_end(logs)

    def on_train_error(self, error):
        self.on_train_end()


def _floats(tensors):
    return [tensor for tensor in tensors if tensor.dtype.is_floating]
