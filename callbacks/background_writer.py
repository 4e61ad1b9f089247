import contextlib
import os
import sys
import threading

_PRIORITY = 10  # "nice"; 19 is the least, 0 that of the training


class BackgroundWriter:
    """Runs one write at a time beside the training.

    On Linux with a lower priority than the training's, so that it takes the
    moments in which a step leaves a processor idle. A step whose threads share
    its work equally waits for the slowest of them.

    Example:

    >>> writer, files = BackgroundWriter(), []
    >>> writer.start(files.append, "written")
    >>> writer.wait()
    >>> files
    ['written']
    """

    def __init__(self):
        self._thread = None
        self._error = None

    def start(self, write, *args):
        """Begins `write(*args)`, when the one before has ended."""
        self.wait()
        self._thread = threading.Thread(
            target=self._run, args=(write, *args), name="checkpoint"
        )
        self._thread.start()

    def _run(self, write, *args):
        if sys.platform == "linux":  # where a thread has its own
            with contextlib.suppress(OSError):  # it writes all the same
                thread = threading.get_native_id()
                os.setpriority(os.PRIO_PROCESS, thread, _PRIORITY)
        try:
            write(*args)
        except BaseException as error:  # raised in the thread of `fit`
            self._error = error

    def join(self):
        """Waits until what was begun has ended, well or not."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def raise_error(self):
        """Raises what went wrong since it was last called."""
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def wait(self):
        """`join`, then `raise_error`."""
        self.join()
        self.raise_error()
