"""The `keras-nn` command. Starts without TensorFlow; see `app.py`."""

import os


def main():
    """Runs the command line; ends the process with its exit code."""
    # Typer loads rich for its help and for completion, which doubles the time
    # of both; the commands print their tables with rich all the same.
    os.environ.setdefault("TYPER_USE_RICH", "0")
    from keras_nn_cli.app import app

    app(prog_name="keras-nn")
