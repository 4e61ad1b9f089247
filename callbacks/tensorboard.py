import contextlib
import os
import time

import keras
import tensorflow as tf

from keras_nn.callbacks.embedding_files import EmbeddingFiles
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.model_graph import ModelGraph
from keras_nn.callbacks.weight_summaries import write_histograms
from keras_nn.callbacks.weight_summaries import write_images


class TensorBoard(Instrument):
    """Writes metrics, graphs, weights and embeddings for TensorBoard.

    Takes the place of `keras.callbacks.TensorBoard`: same arguments, same
    tags, same folders. What is more: the Graphs page shows the training step
    as it runs and the layers of any model, subclassed ones too; the learning
    rate and the loss scale are written step by step; histograms include
    weights that the model holds outside its layers; embeddings open in the
    Projector; steps go on counting over several `fit` calls and after a
    resume; summaries written inside a layer carry their true step.

    Read it for: `epoch_loss` of train and validation drifting apart
    (overfitting); a `loss_scale` that keeps falling (gradients overflow half
    precision); histograms that stand still (frozen weights) or spread without
    end.

    Args:
        log_dir: str or path. Where TensorBoard looks. Defaults to `"logs"`.
        histogram_freq: int. Epochs between weight histograms. 0 for none.
        write_graph: bool. Write the graphs after the first step.
        write_images: bool. Write weights as pictures with the histograms.
        write_steps_per_second: bool.
        update_freq: `"batch"`, `"epoch"` or int, the number of steps between
            `batch_*` values. `"epoch"` writes none.
        profile_batch: int, pair of ints or `"start,stop"`. Batches of this
            `fit`, counted from 1, to profile (needs the `xprof` package to be
            looked at). 0 for none.
        embeddings_freq: int. Epochs between saved embeddings. 0 for none.
        embeddings_metadata: dict from layer name to file name, or one file
            name, with one line of text for each row of the table.
        optimizer_freq: int. Steps between values of learning rate and loss
            scale. 0 for none. Defaults to 1.

    Writes to `log_dir/train` and `log_dir/validation`:
        `epoch_<metric>`, `epoch_learning_rate`, `epoch_steps_per_second`:
            scalars at the epoch's index.
        `batch_<metric>`, `batch_steps_per_second`: scalars at the number of
            optimiser steps taken.
        `evaluation_<metric>_vs_iterations`: scalars, likewise.
        `learning_rate` (`learning_rate_<name>` where there are several
            optimisers), `loss_scale`: scalars, likewise.
        `<weight path>/histogram`, `<weight path>/image`: at the epoch's index.
        the op graph of the training step, and `keras`, the conceptual graph.
        `projector_config.pbtxt` and checkpoints for the Projector.

    Example:

    >>> import tempfile
    >>> import numpy as np
    >>> log_dir = tempfile.mkdtemp()
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x = np.ones((4, 2))
    >>> _ = model.fit(x, x[:, 1], verbose=0, callbacks=[TensorBoard(log_dir)])
    >>> os.listdir(log_dir)
    ['train']
    """

    def __init__(
        self,
        log_dir="logs",
        histogram_freq=0,
        write_graph=True,
        write_images=False,
        write_steps_per_second=False,
        update_freq="epoch",
        profile_batch=0,
        embeddings_freq=0,
        embeddings_metadata=None,
        optimizer_freq=1,
    ):
        super().__init__(log_dir)
        if update_freq != "epoch" and update_freq != "batch":
            if not isinstance(update_freq, int) or update_freq < 1:
                raise ValueError(
                    '`update_freq` must be "batch", "epoch" or a positive '
                    f"number of steps. Received: {update_freq=}"
                )
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.profile_batch = profile_batch
        self.embeddings_freq = embeddings_freq
        self.embeddings_metadata = embeddings_metadata
        self.optimizer_freq = optimizer_freq
        self._profiled = _batch_range(profile_batch)
        self._graph = None
        self._graph_of = None
        self._embeddings = None
        self._in_step = contextlib.ExitStack()
        self._steps = {}
        self._batches = 0
        self._profiling = False
        self._training = False

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._training = True
        self._batches = 0
        self._embeddings = None
        if self.write_graph and self._graph_of is not self.model:
            self._graph = ModelGraph()
            self._graph.attach(self.model)
        self._count = self.step

    def checkpoint_state(self):
        return {"graph": self._graph_of is not None}

    def restore_checkpoint_state(self, state):
        if state["graph"] and self._graph is not None:
            self._graph.detach()
            self._graph, self._graph_of = None, self.model

    def on_train_batch_begin(self, batch, logs=None):
        self._batches += 1
        if self._batches == self._profiled[0] and self.writers.allowed:
            tf.profiler.experimental.start(self._folder("train"))
            self._profiling = True
        self._enter_step("train", self._count + 1)
        self._batch_start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        seconds = time.perf_counter() - self._batch_start
        self._in_step.close()
        if self._profiling and self._batches >= self._profiled[1]:
            self._stop_profiler()
        self._count = step = self.step
        if self._graph is not None:
            with self.write(0):
                written = self._graph.write()
            if written:
                self._graph, self._graph_of = None, self.model
        values = {}
        if self.update_freq != "epoch" and step % self.update_freq == 0:
            values = {f"batch_{k}": v for k, v in (logs or {}).items()}
            if self.write_steps_per_second:
                values["batch_steps_per_second"] = 1 / seconds
        if self.optimizer_freq and step % self.optimizer_freq == 0:
            values |= self._optimizer_values()
        if values:
            self._write_scalars(values, step)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = time.perf_counter(), self.step

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        train = {k: v for k, v in logs.items() if not k.startswith("val_")}
        validation = {
            k.removeprefix("val_"): v
            for k, v in logs.items()
            if k.startswith("val_")
        }
        train |= self._learning_rates()
        if self.write_steps_per_second:
            start, first = self._epoch_start
            train["steps_per_second"] = (self.step - first) / (
                time.perf_counter() - start
            )
        for run, values in (("train", train), ("validation", validation)):
            values = {f"epoch_{k}": v for k, v in values.items()}
            if values:
                self._write_scalars(values, epoch, run)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            with self.write(epoch):
                write_histograms(self.model)
                if self.write_images:
                    write_images(self.model)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._save_embeddings(epoch)

    def on_test_begin(self, logs=None):
        if not self._training:  # `evaluate` outside of `fit`
            super().on_train_begin()
        self._test_count = 0

    def on_test_batch_begin(self, batch, logs=None):
        self._test_count += 1
        self._enter_step("validation", self._test_count)

    def on_test_batch_end(self, batch, logs=None):
        self._in_step.close()

    def on_test_end(self, logs=None):
        self._in_step.close()
        values = {
            f"evaluation_{k}_vs_iterations": v for k, v in (logs or {}).items()
        }
        self._write_scalars(values, self.step, "validation")
        if not self._training:
            super().on_train_end()

    def on_train_end(self, logs=None):
        self._in_step.close()
        self._stop_profiler()
        if self._graph is not None:
            self._graph.detach()
            self._graph = None
        self._training = False
        super().on_train_end(logs)

    def on_train_error(self, error):
        self.on_train_end()

    def _write_scalars(self, values, step, run="train"):
        with self.write(step, run):
            for name, value in values.items():
                tf.summary.scalar(name, value)

    def _enter_step(self, run, step):
        """What layers write with `tf.summary` goes to the run, at its step."""
        self._in_step.close()
        if self.update_freq == "epoch":
            return
        # A variable, since a traced step keeps what it is given.
        if run not in self._steps:
            with tf.device("CPU:0"):
                self._steps[run] = tf.Variable(
                    0, dtype="int64", trainable=False
                )
        count = self._steps[run]
        count.assign(step)
        self._in_step.enter_context(self.write(count, run))
        self._in_step.enter_context(
            tf.summary.record_if(lambda: count % self.update_freq == 0)
        )

    def _optimizers(self):
        found = getattr(self.model, "all_optimizers", None)
        if found is None:
            found = [getattr(self.model, "optimizer", None)]
        optimizers = []
        for optimizer in found:
            if isinstance(optimizer, keras.optimizers.Optimizer):
                optimizers.append(optimizer)
        return optimizers

    def _learning_rates(self):
        optimizers = self._optimizers()
        if len(optimizers) == 1:
            return {"learning_rate": _number(optimizers[0].learning_rate)}
        return {
            f"learning_rate_{o.name}": _number(o.learning_rate)
            for o in optimizers
        }

    def _optimizer_values(self):
        values = self._learning_rates()
        for optimizer in self._optimizers():
            if (
                isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
                and optimizer.built
            ):
                values["loss_scale"] = _number(optimizer.dynamic_scale)
        return values

    def _save_embeddings(self, epoch):
        if self._embeddings is None:
            self._embeddings = EmbeddingFiles(
                self._folder("train"),
                self.embeddings_metadata,
                self.log_dir,
                keep=self.writers.allowed,
            )
            self._embeddings.configure(self.model)
        self._embeddings.save(self.model, epoch)

    def _folder(self, run):
        return os.path.join(self.log_dir, run)

    def _stop_profiler(self):
        if self._profiling:
            tf.profiler.experimental.stop()
            self._profiling = False


def _number(value):
    return float(keras.ops.convert_to_numpy(value))


def _batch_range(profile_batch):
    """`(first, last)` batch to profile; `(0, 0)` for none."""
    batches = profile_batch
    if isinstance(batches, str):
        batches = [int(part) for part in batches.split(",")]
    if isinstance(batches, int):
        batches = [batches]
    first, last = batches[0], batches[-1]
    if len(batches) > 2 or first < 0 or last < first:
        raise ValueError(
            "`profile_batch` must be a number of a batch or a pair "
            f"(first, last). Received: {profile_batch=}"
        )
    return first, last
