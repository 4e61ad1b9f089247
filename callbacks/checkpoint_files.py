"""Checkpoints on disk: whole or not there, and never silently damaged."""

import json
import os
import re
import shutil
import tempfile
import warnings
from pathlib import Path

from keras_nn.callbacks import array_file
from keras_nn.callbacks import hashed_file
from keras_nn.data import atomic_file
from keras_nn.data import sealed_json

FORMAT = 2
MANIFEST = "manifest.json"
ARRAYS = "arrays.bin"
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
        with hashed_file.create(partial / ARRAYS, files) as file:
            index = array_file.write(file, arrays)
        with hashed_file.create(partial / STATE, files) as file:
            text = json.dumps({"state": state, "arrays": index})
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
        files = {}
        for name, expected in manifest["files"].items():
            files[name] = hashed_file.read(path / name, expected)
        name = STATE
        content = json.loads(files[STATE])
        name = ARRAYS
        arrays = array_file.read(files[ARRAYS], content["arrays"])
    except (OSError, ValueError) as error:
        raise ValueError(
            f"The checkpoint is damaged, in its file {name}: {error}. Remove "
            "the folder of this checkpoint to go on from the one before it. "
            f"Received: {path}"
        ) from error
    return manifest, content["state"], arrays


def read_newest(folder, required=False):
    """The newest checkpoint of a folder, verified.

    Args:
        folder: str or path.
        required: bool. Raise where there is none, or it is damaged. Otherwise
            the one before takes the place of a damaged one, with a warning.

    Returns:
        `(manifest, state, arrays)`, or None if the folder has no checkpoint.

    Raises:
        ValueError: also where every checkpoint is damaged.
    """
    candidates = found(folder)
    if not candidates and required:
        raise ValueError(
            f"There is no checkpoint to resume. Received: {folder}"
        )
    damage = None
    for path in reversed(candidates):
        try:
            content = read(path)
        except ValueError as error:
            if required:
                raise
            damage = damage or error
            continue
        if damage is not None:
            warnings.warn(
                f"{damage}. Going on from {path.name} in its place",
                stacklevel=2,
            )
        return content
    if damage is not None:
        raise damage
    return None
