"""Starting TensorFlow without what it prints while it starts."""

import contextlib
import os
import sys
import tempfile


def start():
    """Imports the suite, and TensorFlow with it, in silence.

    What the start prints is shown if the start fails, and not withheld from
    those who set `TF_CPP_MIN_LOG_LEVEL` themselves.
    """
    if "TF_CPP_MIN_LOG_LEVEL" in os.environ:
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
        descriptor = sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):
        yield  # standard error is no file: there is nothing to hold back
        return
    sys.stderr.flush()
    kept = os.dup(descriptor)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), descriptor)
        try:
            yield
        except BaseException:
            sys.stderr.flush()
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(kept, descriptor)
            os.close(kept)
