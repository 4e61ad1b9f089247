"""The `keras-nn` command. Starts without TensorFlow; see `app.py`."""

import os
import sys


def main():
    """Runs the command line; ends the process with its exit code."""
    # Typer loads rich for its help and for completion, which doubles the time
    # of both; the commands print their tables with rich all the same.
    os.environ.setdefault("TYPER_USE_RICH", "0")
    if "_KERAS_NN_COMPLETE" in os.environ:
        sys.modules["rich"] = None  # what completion looks at in its place
    from keras_nn_cli.app import app

    app(prog_name="keras-nn")
