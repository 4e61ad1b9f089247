"""Files that are replaced whole or not at all, and that know their hash."""

import contextlib
import hashlib
import os
import tempfile
import zipfile
from pathlib import Path

MARK = b"sha256:"
SEAL_BYTES = len(MARK) + 64
END_RECORD_BYTES = 22  # of a zip archive without a comment


@contextlib.contextmanager
def atomic_path(path):
    """Gives a path to write to, and moves it to `path` when all went well.

    The previous file survives whatever goes wrong before that moment: an
    exception, a full disk, a lost machine.

    Args:
        path: str or `pathlib.Path`. The file to replace.

    Yields:
        A path beside it, with the same suffix.

    Raises:
        OSError: naming `path`, if the disk refuses.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=f".{path.name}-"
    ) as folder:
        temporary = Path(folder) / path.name
        try:
            yield temporary
            with open(temporary, "rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            kept = "; the previous file is kept" if path.exists() else ""
            raise OSError(
                error.errno,
                f"Could not write {path}{kept}. Received: {error}",
            ) from error
        os.replace(temporary, path)
    sync_folder(path.parent)


def write_text(path, text):
    """Replaces a text file, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_bytes(path, content):
    """Replaces a file, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def seal(path):
    """Writes a zip archive's SHA-256 into its comment field.

    The archive stays readable by every zip reader, and by
    `keras.saving.load_model`.
    """
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = MARK + b"0" * 64
    with open(path, "rb+") as file:
        digest = _digest(file, os.path.getsize(path) - 64)
        file.seek(-64, os.SEEK_END)
        file.write(digest)


def verify(path):
    """Refuses a `.keras` file that is not as it was written.

    A sealed file is compared with its SHA-256; of one that was saved without
    a seal, by Keras itself, every member is compared with its CRC-32.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it is damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no such file. Received: {path}")
    size = path.stat().st_size
    with open(path, "rb") as file:
        file.seek(max(0, size - SEAL_BYTES))
        tail = file.read()
        if tail.startswith(MARK):
            sound = tail[len(MARK) :] == _digest(file, size - 64)
        else:
            # A damaged seal is no plain archive: its end is not where it was,
            # or tells of a comment that has been cut off.
            end = tail[-END_RECORD_BYTES:]
            sound = end.startswith(b"PK\5\6") and end.endswith(b"\0\0")
            sound = sound and _members_are_sound(path)
    if not sound:
        raise ValueError(
            "The file is damaged: its content is not what was written. "
            f"Restore it from a copy, or train again. Received: {path}"
        )


def _members_are_sound(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError):
        return False


def _digest(file, size):
    file.seek(0)
    digest = hashlib.sha256()
    while size > 0:
        block = file.read(min(size, 1 << 20))
        size -= len(block) or size
        digest.update(block)
    return digest.hexdigest().encode()


def sync_folder(folder):
    """Makes new names in a folder survive a loss of power."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
