import signal
import threading
import time
from pathlib import Path

import keras

from keras_nn.callbacks import callback_state
from keras_nn.callbacks import checkpoint_content
from keras_nn.callbacks import checkpoint_files
from keras_nn.callbacks import event_files
from keras_nn.callbacks.background_writer import BackgroundWriter
from keras_nn.data import sealed_json
from keras_nn.training import is_chief

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
        every_seconds: number or None. Seconds between them. Of several
            workers the chief's clock counts, which they ask about once a
            second.
        keep: int. How many to keep. Defaults to 2.
        asynchronous: bool. Write while training goes on; a step only waits
            until the values are copied. An error of writing is raised by the
            next step.
        resume: `"auto"`: go on from the newest checkpoint, if there is one;
            from the one before, with a warning, where it is damaged. True:
            go on from the newest one or raise. False: remove what is there
            and begin anew.
        on_terminate: bool. At SIGTERM, write a checkpoint behind the running
            step and exit with code 143; in the main thread. Several workers
            do so within about a second, all of them if one got the signal.

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
        self._writer = BackgroundWriter()
        self._signalled = False
        self._terminated = False  # all workers know of it
        self._previous_handler = None

    def prepare_fit(self, session):
        """Reads the checkpoint that the training goes on from, if any."""
        self._signalled = self._terminated = False
        self._session = session
        self._content = None
        self._writer = BackgroundWriter()
        self._steps = 0
        self._due = False
        log_dirs = callback_state.log_dirs(session.callbacks)
        if is_chief():
            checkpoint_files.clean(self.folder)
        if self.resume:
            required = self.resume is True
            self._content = checkpoint_files.read_newest(self.folder, required)
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

    def on_train_begin(self, logs=None):
        if getattr(self.model, "fit_session", None) is None:
            raise ValueError(
                "A Checkpoint needs the `fit` of a `keras_nn.training.Model`, "
                "which knows its position in the data. Derive the model from "
                "it, or wrap what is made of inputs and outputs: "
                "`keras_nn.training.Model(model.inputs, model.outputs)`. "
                f"Received: a model of type {type(self.model).__name__}"
            )
        self._began = self._saved = time.monotonic()
        if self._content is not None:
            manifest, state, arrays = self._content
            checkpoint_content.restore(
                state, arrays, self._session, self._others()
            )
            self.seconds = manifest["seconds"]
            self._steps = manifest["step"]
        if self.on_terminate and self._may_listen():
            self._previous_handler = signal.signal(
                signal.SIGTERM, self._on_signal
            )

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._step = 0
        if self._content is None:
            return
        manifest, state, arrays = self._content
        self._content = None
        self._step = manifest["step_in_epoch"]
        if self._step:  # Keras has just set the metrics to zero
            checkpoint_content.restore_metrics(state, arrays, self.model)

    def on_train_batch_end(self, batch, logs=None):
        self._writer.raise_error()
        before = self._steps
        self._steps += batch + 1 - self._step  # several in one execution
        self._step = batch + 1
        every = self.every_steps
        if every is not None and self._steps // every > before // every:
            self._due = True
        self._agree(self._session.agreement.behind_step)
        last = self.params.get("steps") == self._step
        # Behind the last step there is still the validation; the checkpoint
        # of the epoch's end comes after it.
        if (self._due or self._terminated) and not (
            last or self.model.stop_training
        ):
            self._save(self._epoch, self._step)
            self._exit_if_terminated()

    def _agree(self, ask):
        """Takes up what all workers do behind this step."""
        if self.every_seconds is None and not self.on_terminate:
            return
        passed = time.monotonic() - self._saved
        late = self.every_seconds is not None and passed >= self.every_seconds
        due, terminated = ask(late, self._signalled)
        self._due |= due
        self._terminated |= terminated

    def on_epoch_end(self, epoch, logs=None):
        self._writer.raise_error()
        self._agree(self._session.agreement.at_once)
        regular = self.every_epochs and (epoch + 1) % self.every_epochs == 0
        stops = self.model.stop_training
        if self._due or regular or self._terminated or stops:
            self._save(self.params["epochs"] if stops else epoch + 1, None)
            self._exit_if_terminated()

    def _save(self, epoch, step):
        """Takes hold of the state, and has it written."""
        self._due = False
        self._writer.wait()
        self._saved = time.monotonic()
        log_dirs = callback_state.log_dirs(self._session.callbacks)
        state, arrays = checkpoint_content.capture(
            self._session, self._others(), log_dirs, step
        )
        if not is_chief():
            return
        facts = {
            "epoch": epoch,
            "step_in_epoch": step or 0,
            "step": self._steps,
            "seconds": self.seconds + time.monotonic() - self._began,
        }
        content = facts, state, arrays, log_dirs
        if self.asynchronous and not self._terminated:
            self._writer.start(self._write, *content)
        else:
            self._write(*content)

    def _write(self, facts, state, arrays, log_dirs):
        checkpoint_files.write(
            self.folder,
            facts,
            state,
            arrays,
            self.keep,
            before_commit=lambda: event_files.sync(log_dirs),
        )

    def wait(self):
        """Waits until the last checkpoint is written."""
        self._writer.wait()

    def _others(self):
        return [c for c in self._session.callbacks if c is not self]

    def _may_listen(self):
        return threading.current_thread() is threading.main_thread()

    def _on_signal(self, number, frame):
        self._signalled = True

    def _exit_if_terminated(self):
        if self._terminated:
            # A worker that ends early may take the others with it.
            self._session.agreement.wait_for_all()
            raise SystemExit(TERMINATED)

    def on_train_end(self, logs=None):
        self.seconds += time.monotonic() - self._began
        self._leave()
        self._writer.wait()

    def on_train_error(self, error):
        """Called by `fit` when it fails: a started write is finished."""
        self._leave()
        self._writer.join()

    def _leave(self):
        if self._previous_handler is not None:
            signal.signal(signal.SIGTERM, self._previous_handler)
            self._previous_handler = None
        self._session = None
