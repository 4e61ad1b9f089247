"""Files whose SHA-256 is taken while they are written."""

import contextlib
import hashlib
import os

_PIECE = 1 << 20  # bytes that are hashed while they are in the cache


@contextlib.contextmanager
def create(path, facts):
    """A context in which a file is written, which is on the disk behind it.

    Args:
        path: `pathlib.Path`.
        facts: dict. Receives what `read` needs, under the name of the file.

    Yields:
        What has a method `write` for bytes, from front to back.

    Example:

    >>> import tempfile
    >>> from pathlib import Path
    >>> path, facts = Path(tempfile.mkdtemp(), "a"), {}
    >>> with create(path, facts) as file:
    ...     file.write(b"content")
    >>> read(path, facts["a"])
    bytearray(b'content')
    """
    with open(path, "wb") as file:
        stream = _HashedStream(file)
        yield stream
        file.flush()
        os.fsync(file.fileno())
    facts[path.name] = {
        "sha256": stream.digest.hexdigest(),
        "bytes": stream.bytes,
    }


def read(path, facts):
    """The content of a file, verified.

    Args:
        path: `pathlib.Path`.
        facts: dict. What `create` said of the file.

    Returns:
        A bytearray.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if it is not what was written.
    """
    size = path.stat().st_size
    if size != facts["bytes"]:
        raise ValueError(f"it has {size} bytes in place of {facts['bytes']}")
    content = bytearray(size)
    with open(path, "rb", buffering=0) as file:
        rest = memoryview(content)
        while rest and (count := file.readinto(rest)):
            rest = rest[count:]
    if hashlib.sha256(content).hexdigest() != facts["sha256"]:
        raise ValueError("its sha256 is not that of what was written")
    return content


class _HashedStream:
    def __init__(self, file):
        self.file = file
        self.digest = hashlib.sha256()
        self.bytes = 0

    def write(self, content):
        self.bytes += len(content)
        content = memoryview(content)
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            self.file.write(piece)
            self.digest.update(piece)
