import os
import time

import keras
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.scalars import scalars


class Throughput(Instrument):
    """Writes how fast training runs, what it waits for and what it holds.

    Every value is a mean over the steps of this epoch since the last value.
    The first step of a `fit`, which compiles, is left out.

    The data-wait share is the time between a step's asking for its batch and
    having it, as part of the time of the step. It is measured by two clock
    readings at the end of the input pipeline of a `keras_nn.training.Model`.
    Copies to a device are not in it.
    It is not written for any other `keras.Model`, whose pipeline is out of
    reach, nor under several replicas, which fetch ahead of the step.

    Read it for: a `data_wait_share` above 0.1: the model waits for its data,
    so cache, prefetch or decode in parallel; `examples_per_second` that falls
    while `step_milliseconds` does not: time is lost between the steps, in
    callbacks; memory that grows epoch by epoch: a leak.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        every: int. Write once per this many steps, and at the end of each
            epoch. Defaults to 100.
        batch_size: int. Examples in a step. Needed only for a plain
            `keras.Model` with a `train_step` of its own; otherwise examples
            are counted. Defaults to None.

    Writes to `log_dir/train`, at the number of optimiser steps taken:
        `throughput/examples_per_second`: scalar, between the first step's
            beginning and the last one's end, callbacks in between included.
        `throughput/step_milliseconds`: scalar, the step alone.
        `throughput/data_wait_share`: scalar from 0 to 1.
        `throughput/process_gigabytes`: scalar, resident memory (1e9 bytes),
            on Linux.
        `throughput/gpu_gigabytes`, `throughput/gpu_peak_gigabytes`: scalars,
            of the first GPU, where there is one.

    Example:

    >>> import tempfile
    >>> import numpy as np
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> throughput = Throughput(tempfile.mkdtemp(), every=2)
    >>> x = np.ones((12, 2))
    >>> _ = model.fit(
    ...     x, x[:, :1], batch_size=4, verbose=0, callbacks=[throughput]
    ... )
    >>> sorted(throughput.last)[0]
    'examples_per_second'
    """

    measures_input_wait = True

    def __init__(self, log_dir, every=100, batch_size=None):
        super().__init__(log_dir, every)
        if batch_size is not None and batch_size < 1:
            raise ValueError(
                f"`batch_size` must be at least 1. Received: {batch_size=}"
            )
        self.batch_size = batch_size
        self.last = {}

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._compiled = False
        self._resumed = None
        self._counts_first = False
        self._due = 0
        self._step_begin = None
        self._gpu = bool(tf.config.list_physical_devices("GPU"))
        self._loss = None
        if self._counts_examples():
            self._loss = next(
                (m for m in self.model.metrics if m.name == "loss"), None
            )

    def _counts_examples(self):
        """Whether to ask the loss tracker, which weighs batches by their size.

        It is asked at every step, for a validation begins it anew. Where the
        pipeline is measured, it has counted what it delivered.
        """
        inherited = type(self.model).train_step is keras.Model.train_step
        measured = self._measures_wait()
        return self.batch_size is None and inherited and not measured

    def _measures_wait(self):
        replicas = self.model.distribute_strategy.num_replicas_in_sync
        return replicas == 1 and bool(getattr(self.model, "input_wait", None))

    def checkpoint_state(self):
        return {"due": self._due, "compiled": self._compiled}

    def restore_checkpoint_state(self, state):
        self._resumed = state

    def on_epoch_begin(self, epoch, logs=None):
        self._examples = 0.0
        self._due = 0
        self._reset()
        if self._resumed is not None:  # due where it would have been
            self._due = self._resumed["due"]
            self._counts_first = self._resumed["compiled"]
            self._resumed = None

    def _reset(self):
        self._begin = None
        self._busy = 0.0
        self._steps = 0
        self._waited, self._fetched = self._input()
        self._first_example = self._examples

    def _input(self):
        wait = getattr(self.model, "input_wait", None)
        if wait is None:
            return 0.0, 0
        return wait.seconds, getattr(wait, "examples", 0)

    def on_train_batch_begin(self, batch, logs=None):
        self._first_batch = batch
        self._step_begin = time.perf_counter()
        if self._begin is None:
            self._begin = self._step_begin

    def on_train_batch_end(self, batch, logs=None):
        self._end = time.perf_counter()
        if self._loss is not None:
            self._examples = float(self._loss.count.numpy())
        steps = batch - self._first_batch + 1
        if not self._compiled:
            self._compiled = True
            self._reset()
            if self._counts_first:
                self._due += steps
            return
        self._busy += self._end - self._step_begin
        self._steps += steps
        self._due += steps
        if self._due >= self.every:
            self._due = 0
            self._write()

    def on_epoch_end(self, epoch, logs=None):
        if self._steps:
            self._write()

    def _write(self):
        seconds = self._end - self._begin
        waited, fetched = self._input()
        examples = self._examples - self._first_example
        if self.batch_size is not None:
            examples = self.batch_size * self._steps
        elif not examples:
            examples = fetched - self._fetched
        values = {"step_milliseconds": 1e3 * self._busy / self._steps}
        if examples:
            values["examples_per_second"] = examples / seconds
        if self._measures_wait():
            share = (waited - self._waited) / self._busy
            values["data_wait_share"] = min(share, 1.0)
        if (resident := resident_bytes()) is not None:
            values["process_gigabytes"] = resident / 1e9
        if self._gpu:
            memory = tf.config.experimental.get_memory_info("GPU:0")
            values["gpu_gigabytes"] = memory["current"] / 1e9
            values["gpu_peak_gigabytes"] = memory["peak"] / 1e9
        self.last = values
        with self.write(self.step):
            scalars({f"throughput/{n}": value for n, value in values.items()})
        self._reset()


def resident_bytes():
    """Memory that this process holds.

    Returns:
        int, bytes; None where the system has no `/proc`.
    """
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return None
