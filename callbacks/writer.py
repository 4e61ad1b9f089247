import contextlib
import os
import time
import weakref

import tensorflow as tf

_OPEN = weakref.WeakValueDictionary()
_FLUSH_SECONDS = 2.0


class EventFile:
    """One open event file of a folder, shared by every instrument.

    TensorBoard reads the event files of a folder one after another and does
    not go back to an earlier one while a run is alive. So all instruments that
    write into a folder share one file, which closes when the last of them has
    let go of it, at the latest when Python ends.

    Args:
        folder: str. The folder that receives the file.
        suffix: str. The end of the file's name. Defaults to none.
    """

    def __init__(self, folder, suffix=""):
        self.writer = tf.summary.create_file_writer(
            folder, filename_suffix=suffix
        )
        self._flushed = time.monotonic()
        self._finalizer = weakref.finalize(self, self.writer.close)

    def flush(self):
        """Bring what was written to disk, at most every two seconds."""
        if time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self.writer.flush()
            self._flushed = time.monotonic()

    @classmethod
    def flush_all(cls):
        """Hand all that was written, to any file, to the system."""
        for event_file in list(_OPEN.values()):
            event_file.writer.flush()

    @classmethod
    def of(cls, folder, suffix=""):
        """The open file of a folder, or a new one.

        Args:
            folder: str.
            suffix: str. The end of the file's name. Defaults to none.

        Returns:
            An `EventFile`. It stays open as long as a reference to it lives.
        """
        key = os.path.abspath(folder), suffix
        event_file = _OPEN.get(key)
        if event_file is None:
            event_file = _OPEN[key] = cls(*key)
        return event_file


class Writers:
    """The event files of a run: `log_dir/train` and `log_dir/validation`.

    A file appears with the first thing that is written into it. Under a
    strategy of several workers only the chief writes.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        suffix: str. The end of the files' names. Defaults to none.

    Attributes:
        allowed: bool. Whether this process writes; what writes files by
            other means asks it.

    Example:

    >>> import tempfile
    >>> log_dir = tempfile.mkdtemp()
    >>> writers = Writers(log_dir)
    >>> writers.open()
    >>> with writers.at(step=3):
    ...     written = tf.summary.scalar("speed", 1.5)
    >>> writers.close()
    >>> os.listdir(log_dir)
    ['train']
    """

    def __init__(self, log_dir, suffix=""):
        self.log_dir = str(log_dir)
        self.suffix = suffix
        self._files = None
        self.allowed = True

    def open(self, strategy=None):
        """Allow writing.

        Args:
            strategy: `tf.distribute.Strategy`. Its chief writes, its other
                workers do not. Defaults to None: this process writes.
        """
        self._files = {}
        self.allowed = strategy is None or strategy.extended.should_save_summary

    @contextlib.contextmanager
    def at(self, step, run="train"):
        """Everything `tf.summary` writes inside goes to one run and step.

        Args:
            step: int. The step of what is written.
            run: str. Sub-folder of `log_dir`, `"train"` or `"validation"`, or
                `""` for `log_dir` itself.

        Raises:
            RuntimeError: If `open` was not called.
        """
        if self._files is None:
            raise RuntimeError(
                "nothing can be written before training has begun. Received: "
                f"step={step}, run={run!r}"
            )
        if not self.allowed:
            with tf.summary.create_noop_writer().as_default(step):
                yield
            return
        if run not in self._files:
            folder = os.path.join(self.log_dir, run)
            self._files[run] = EventFile.of(folder, self.suffix)
        event_file = self._files[run]
        with event_file.writer.as_default(step), tf.summary.record_if(True):
            yield
        event_file.flush()

    def close(self):
        """Let go of the files; the last user's letting go closes them."""
        self._files = None
