"""The `keras-nn` command. Starts without TensorFlow; see `app.py`."""


def main():
    """Runs the command line."""
    raise SystemExit("keras-nn: the command line is not built yet")
