"""Checkpoints on disk: whole or not there, and never silently damaged."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from keras_nn.data import atomic_file
from keras_nn.data import sealed_json

FORMAT = 1
MANIFEST = "manifest.json"
ARRAYS = "arrays.npz"
STATE = "state.json"
_NAME = re.compile(r"checkpoint-(\d{8})")
_PARTIAL = ".partial-"


def found(folder):
    """The checkpoints in a folder, the newest last: a list of paths."""
    folder = Path(folder)
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if _NAME.fullmatch(p.name))


def write(folder, facts, state, arrays, keep, before_commit=None):
    """Adds a checkpoint, and removes the oldest.

    Everything is on the disk, in a folder of another name, before the
    checkpoint appears under its own; until then the others stay.

    Args:
        folder: str or path. Where the checkpoints are.
        facts: dict for the manifest.
        state: dict for JSON.
        arrays: dict from name to NumPy array.
        keep: int. How many checkpoints to keep.
        before_commit: optional callable without arguments.

    Returns:
        The path of the checkpoint.

    Raises:
        OSError: naming the folder, if the disk refuses.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    earlier = found(folder)
    number = int(_NAME.fullmatch(earlier[-1].name)[1]) + 1 if earlier else 0
    target = folder / f"checkpoint-{number:08d}"
    partial = Path(tempfile.mkdtemp(dir=folder, prefix=_PARTIAL))
    try:
        files = {}
        with _hashed(partial / ARRAYS, files) as file:
            dtypes = _write_arrays(file, arrays)
        with _hashed(partial / STATE, files) as file:
            text = json.dumps({"state": state, "dtypes": dtypes})
            file.write(text.encode())
        manifest = {"format": FORMAT, **facts, "files": files}
        sealed_json.write(partial / MANIFEST, manifest)
        atomic_file.sync_folder(partial)
        if before_commit is not None:
            before_commit()
        os.replace(partial, target)
        atomic_file.sync_folder(folder)
    except OSError as error:
        kept = f"; {earlier[-1].name} is kept" if earlier else ""
        raise OSError(
            error.errno,
            f"Could not write a checkpoint into {folder}{kept}. Make room, "
            f"and resume. Received: {error}",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    for path in found(folder)[:-keep]:
        remove(path)
    return target


def remove(path):
    """Removes a checkpoint, which is none any more from the first moment."""
    gone = path.with_name(_PARTIAL + path.name)
    os.replace(path, gone)
    shutil.rmtree(gone, ignore_errors=True)


def clean(folder):
    """Removes what a killed process has left half written."""
    for path in Path(folder).glob(_PARTIAL + "*"):
        shutil.rmtree(path, ignore_errors=True)


def read(path):
    """A checkpoint, verified.

    Returns:
        `(manifest, state, arrays)`.

    Raises:
        ValueError: naming the file that is damaged or missing.
    """
    path = Path(path)
    name = MANIFEST
    try:
        manifest = sealed_json.read(path / MANIFEST)
        if manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest['format']} is not known")
        for name, expected in manifest["files"].items():
            _verify(path / name, expected)
        content = json.loads((path / STATE).read_bytes())
        arrays = _read_arrays(path / ARRAYS, content["dtypes"])
    except (OSError, ValueError) as error:
        raise ValueError(
            f"The checkpoint is damaged, in its file {name}: {error}. Remove "
            "the folder of this checkpoint to go on from the one before it. "
            f"Received: {path}"
        ) from error
    return manifest, content["state"], arrays


def _verify(path, expected):
    if path.stat().st_size != expected["bytes"]:
        raise ValueError(f"{path} does not have {expected['bytes']} bytes")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != expected["sha256"]:
        raise ValueError(f"{path} does not have its sha256")


@contextlib.contextmanager
def _hashed(path, files):
    with open(path, "wb") as file:
        stream = _HashedStream(file)
        yield stream
        file.flush()
        os.fsync(file.fileno())
    files[path.name] = {
        "sha256": stream.digest.hexdigest(),
        "bytes": stream.bytes,
    }


class _HashedStream:
    """A file that is written from front to back, and hashed on the way."""

    def __init__(self, file):
        self.file = file
        self.digest = hashlib.sha256()
        self.bytes = 0

    def write(self, content):
        self.file.write(content)
        self.digest.update(content)
        size = memoryview(content).nbytes
        self.bytes += size
        return size

    def flush(self):
        self.file.flush()


def _write_arrays(stream, arrays):
    """An .npz archive; returns the types that NumPy has no name for."""
    dtypes = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            if array.dtype.kind == "V":  # bfloat16 and its like
                dtypes[name] = array.dtype.name
                array = array.view(f"u{array.dtype.itemsize}")
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return dtypes


def _read_arrays(path, dtypes):
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    if dtypes:
        import ml_dtypes

        for name, dtype in dtypes.items():
            arrays[name] = arrays[name].view(getattr(ml_dtypes, dtype))
    return arrays
