import signal
import threading
import time
import warnings
from pathlib import Path

import keras

from keras_nn.callbacks import callback_state
from keras_nn.callbacks import checkpoint_files
from keras_nn.callbacks import event_files
from keras_nn.data import sealed_json
from keras_nn.training import is_chief
from keras_nn.training import plain_values
from keras_nn.training import state as training_state

TERMINATED = 128 + signal.SIGTERM  # the exit code of a run that was preempted


class Checkpoint(keras.callbacks.Callback):
    """Lets an interrupted training go on as if it had never been interrupted.

    Stores what the rest of the training depends on: weights, seed generators,
    metrics, every optimiser, the state of every callback, the history, the
    global random states of Keras, TensorFlow, NumPy and Python, and the
    position in the data. `fit` of the same program then goes on at the very
    step, and ends with the same numbers, bit for bit on one CPU. Event files
    of TensorBoard are cut back to the checkpoint, so that no step is in them
    twice.

    A checkpoint is a folder that appears when all of it is on the disk; its
    manifest knows the SHA-256 of each file, which are compared when it is
    read. Nothing in it is executed (no pickle).

    The model must be a `keras_nn.training.Model`. Callbacks and models may
    define `checkpoint_state()`, which returns a dict of JSON values and NumPy
    arrays, and `restore_checkpoint_state(state)`. Of other callbacks the
    attributes of these kinds are stored that are no constructor arguments.
    Out of reach: a `tf.data.Dataset` that gives other examples each time,
    random operations of TensorFlow that keep their state to themselves
    (`tf.random.normal` in a step; use `keras.random` with a
    `SeedGenerator`), generators, and files that other callbacks write.

    Args:
        folder: str or path. Where the checkpoints are, and nothing else.
        every_epochs: int or None. Epochs between checkpoints.
        every_steps: int or None. Steps between them.
        every_seconds: number or None. Seconds between them; on one worker.
        keep: int. How many to keep. Defaults to 2.
        asynchronous: bool. Write while training goes on; a step only waits
            until the values are copied. An error of writing is raised by the
            next step.
        resume: `"auto"`: go on from the newest checkpoint, if there is one;
            from the one before, with a warning, where it is damaged. True:
            go on from the newest one or raise. False: remove what is there
            and begin anew.
        on_terminate: bool. At SIGTERM, write a checkpoint behind the running
            step and exit with code 143. On one worker, in the main thread.

    Raises:
        ValueError: where a checkpoint is damaged or does not fit.

    Example:

    >>> import tempfile
    >>> import numpy as np
    >>> from keras_nn.training import Model
    >>> def fit(epochs):
    ...     inputs = keras.Input((2,))
    ...     model = Model(inputs, keras.layers.Dense(1)(inputs))
    ...     model.compile("sgd", "mse")
    ...     x = np.ones((4, 2))
    ...     checkpoint = Checkpoint(folder)
    ...     return model.fit(
    ...         x, x[:, :1], epochs=epochs, verbose=0, callbacks=[checkpoint]
    ...     )
    >>> folder = tempfile.mkdtemp()
    >>> first = fit(epochs=1)
    >>> fit(epochs=2).epoch
    [0, 1]
    """

    comes_last = True

    def __init__(
        self,
        folder,
        every_epochs=1,
        every_steps=None,
        every_seconds=None,
        keep=2,
        asynchronous=True,
        resume="auto",
        on_terminate=False,
    ):
        super().__init__()
        for name, value in (
            ("every_epochs", every_epochs),
            ("every_steps", every_steps),
            ("every_seconds", every_seconds),
            ("keep", keep),
        ):
            if (
                value is not None
                and value <= 0
                or (name, value) == ("keep", None)
            ):
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={value}"
                )
        if resume not in ("auto", True, False):
            raise ValueError(
                f'`resume` must be "auto", True or False. Received: {resume=}'
            )
        self.folder = str(folder)
        self.every_epochs = every_epochs
        self.every_steps = every_steps
        self.every_seconds = every_seconds
        self.keep = keep
        self.asynchronous = asynchronous
        self.resume = resume
        self.on_terminate = on_terminate
        self.seconds = 0.0
        self._session = None
        self._content = None
        self._thread = None
        self._error = None
        self._terminated = False
        self._previous_handler = None

    def prepare_fit(self, session):
        """Reads the checkpoint that the training goes on from, if any."""
        self._terminated = False
        self._session = session
        self._content = None
        self._error = None
        self._steps = 0
        self._due = False
        log_dirs = callback_state.log_dirs(session.callbacks)
        if is_chief():
            checkpoint_files.clean(self.folder)
        if self.resume:
            self._content = self._read()
        if self._content is None:
            if is_chief():
                self._begin(log_dirs)
            return
        manifest, state, _ = self._content
        session.is_resumed = True
        session.initial_epoch = manifest["epoch"]
        session.position.restore(state["position"])
        if is_chief():
            event_files.cut(log_dirs, state["events"])

    def _begin(self, log_dirs):
        """What a run writes before its first checkpoint is not to be kept."""
        path = Path(self.folder, "beginning.json")
        if self.resume and path.is_file():
            event_files.cut(log_dirs, sealed_json.read(path)["events"])
            return
        for old in checkpoint_files.found(self.folder):
            checkpoint_files.remove(old)
        sealed_json.write(path, {"events": event_files.sizes(log_dirs)})

    def _read(self):
        candidates = checkpoint_files.found(self.folder)
        if not candidates and self.resume is True:
            raise ValueError(
                f"There is no checkpoint to resume. Received: {self.folder}"
            )
        damage = None
        for path in reversed(candidates):
            try:
                content = checkpoint_files.read(path)
            except ValueError as error:
                if self.resume is True:
                    raise
                damage = damage or error
                continue
            if damage is not None:
                warnings.warn(
                    f"{damage}. Going on from {path.name} in its place",
                    stacklevel=2,
                )
            return content
        if damage is not None:
            raise damage
        return None

    def on_train_begin(self, logs=None):
        self._began = self._saved = time.monotonic()
        if self._content is not None:
            self._restore()
        if self.on_terminate and self._may_listen():
            self._previous_handler = signal.signal(
                signal.SIGTERM, self._on_signal
            )

    def _restore(self):
        manifest, state, arrays = self._content
        state = plain_values.decode(state, arrays)
        self._session.build()
        training_state.restore_variables(
            training_state.variables_of(self.model),
            {n: arrays[n] for n in state["variables"]},
        )
        if state["model"] is not None:
            self.model.restore_checkpoint_state(state["model"])
        callback_state.restore(self._callbacks(), state["callbacks"])
        self.model.history.history = state["history"]
        self.model.history.epoch = state["epochs"]
        self.seconds = manifest["seconds"]
        self._steps = manifest["step"]
        self._metrics = {
            n: arrays[n] for n in state["variables"] if n.startswith("metric/")
        }
        training_state.restore_random_state(state["random"])

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._step = 0
        if self._content is None:
            return
        self._step = self._content[0]["step_in_epoch"]
        if self._step:  # Keras has just set the metrics to zero
            variables = training_state.variables_of(self.model)
            for name, value in self._metrics.items():
                variables[name].assign(value)
        self._content = self._metrics = None

    def on_train_batch_end(self, batch, logs=None):
        self._raise_error()
        self._steps += batch + 1 - self._step
        self._step = batch + 1
        self._due |= self._is_due()
        last = self.params.get("steps") == self._step
        # Behind the last step there is still the validation; the checkpoint
        # of the epoch's end comes after it.
        if (self._due or self._terminated) and not (
            last or self.model.stop_training
        ):
            self._save(self._epoch, self._step)
            self._exit_if_terminated()

    def _is_due(self):
        if self.every_steps and self._steps % self.every_steps == 0:
            return True
        passed = time.monotonic() - self._saved
        return self.every_seconds is not None and passed >= self.every_seconds

    def on_epoch_end(self, epoch, logs=None):
        self._raise_error()
        regular = self.every_epochs and (epoch + 1) % self.every_epochs == 0
        stops = self.model.stop_training
        if self._due or regular or self._terminated or stops:
            self._save(self.params["epochs"] if stops else epoch + 1, None)
            self._exit_if_terminated()

    def _save(self, epoch, step):
        """Copies the state, and has it written."""
        self._due = False
        self.wait()
        self._saved = time.monotonic()
        values = training_state.copy_of(training_state.variables_of(self.model))
        if not is_chief():
            return
        arrays = dict(values)
        log_dirs = callback_state.log_dirs(self._session.callbacks)
        state = {
            "variables": list(values),
            "model": callback_state.of(self.model),
            "callbacks": callback_state.of_all(self._callbacks()),
            "history": self.model.history.history,
            "epochs": self.model.history.epoch,
            "position": self._session.position.state(step),
            "random": training_state.random_state(),
        }
        state = plain_values.encode(state, "state", arrays)
        state["events"] = event_files.sizes(log_dirs)
        facts = {
            "epoch": epoch,
            "step_in_epoch": step or 0,
            "step": self._steps,
            "seconds": self.seconds + time.monotonic() - self._began,
        }
        if not self.asynchronous or self._terminated:
            self._write(facts, state, arrays, log_dirs)
            self._raise_error()
            return
        self._thread = threading.Thread(
            target=self._write, args=(facts, state, arrays, log_dirs)
        )
        self._thread.start()

    def _write(self, facts, state, arrays, log_dirs):
        try:
            checkpoint_files.write(
                self.folder,
                facts,
                state,
                arrays,
                self.keep,
                before_commit=lambda: event_files.sync(log_dirs),
            )
        except BaseException as error:  # raised in the thread of `fit`
            self._error = error

    def wait(self):
        """Waits until the last checkpoint is written."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._raise_error()

    def _raise_error(self):
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _callbacks(self):
        return [c for c in self._session.callbacks if c is not self]

    def _may_listen(self):
        return threading.current_thread() is threading.main_thread()

    def _on_signal(self, number, frame):
        self._terminated = True

    def _exit_if_terminated(self):
        if self._terminated:
            raise SystemExit(TERMINATED)

    def on_train_end(self, logs=None):
        self.seconds += time.monotonic() - self._began
        self._leave()
        self.wait()

    def on_train_error(self, error):
        """Called by `fit` when it fails: a started write is finished."""
        self._leave()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _leave(self):
        if self._previous_handler is not None:
            signal.signal(signal.SIGTERM, self._previous_handler)
            self._previous_handler = None
        self._session = None
