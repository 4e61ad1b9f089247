"""Starting TensorFlow without what it prints while it starts."""

import contextlib
import os
import sys
import tempfile

STDERR = 2  # C++ code writes there, wherever `sys.stderr` leads


def start():
    """Imports the suite, and TensorFlow with it, in silence.

    What the start prints is shown if the start fails, and not withheld from
    those who set `TF_CPP_MIN_LOG_LEVEL` to less than 3 themselves.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3") != "3":
        import keras_nn as keras_nn

        return
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with silent_stderr():
        import tensorflow as tf

        import keras_nn as keras_nn

        # Devices are looked for, with messages, when they are first asked for.
        tf.config.list_physical_devices()
        tf.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def silent_stderr():
    """Holds back what is written to standard error, C++ code's lines too.

    It is written after all if the block raises.
    """
    try:
        kept = os.dup(STDERR)
    except OSError:
        yield  # standard error is closed: there is nothing to hold back
        return
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        except BaseException:
            sys.stderr.flush()
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(kept, STDERR)
            os.close(kept)
