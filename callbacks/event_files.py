"""Event files that hold what a checkpoint knows of, and nothing later."""

import os
from pathlib import Path

from keras_nn.callbacks.writer import EventFile

_RUNS = ("", "train", "validation", "hparams")  # of one training


def sizes(log_dirs):
    """Bytes of every event file, once what is written is on its way.

    Args:
        log_dirs: list of str. Folders of runs, as instruments are given.

    Returns:
        A list with a dict for each, from file name to bytes.
    """
    EventFile.flush_all()
    return [
        {name: path.stat().st_size for name, path in _files(log_dir).items()}
        for log_dir in log_dirs
    ]


def sync(log_dirs):
    """Brings the event files to the disk."""
    for log_dir in log_dirs:
        for path in _files(log_dir).values():
            with open(path, "rb") as file:
                os.fsync(file.fileno())


def cut(log_dirs, known):
    """Takes away what was written after `sizes` was asked for.

    The steps of it are taken again, and would stand there twice.
    """
    for log_dir, expected in zip(log_dirs, known, strict=False):
        for name, path in _files(log_dir).items():
            if name not in expected:
                path.unlink()
            elif path.stat().st_size > expected[name]:
                os.truncate(path, expected[name])


def _files(log_dir):
    return {
        path.relative_to(log_dir).as_posix(): path
        for run in _RUNS
        for path in sorted(Path(log_dir, run).glob("*tfevents*"))
    }
