"""JSON files that know their hash: no change goes unnoticed."""

import hashlib
import json
import re
from pathlib import Path

from keras_nn.data import atomic_file

_BLANK = "0" * 64
_END = re.compile(rb'"sha256": "([0-9a-f]{64})"\n\}\n\Z')


def write(path, content):
    """Replaces a JSON file, whole or not at all.

    The SHA-256 of the file, with zeros in its own place, is its last entry.

    Args:
        path: str or `pathlib.Path`.
        content: dict that JSON can hold, without an entry `"sha256"`.

    Example:

    >>> import tempfile
    >>> path = tempfile.mkdtemp() + "/a.json"
    >>> write(path, {"b": 1})
    >>> read(path)
    {'b': 1}
    """
    atomic_file.write_bytes(path, encode(content))


def encode(content, allow_nan=False):
    """The bytes of a sealed JSON file."""
    if "sha256" in content:
        raise ValueError(
            "`content` must not have an entry of the name of the seal. "
            "Received: 'sha256'"
        )
    text = json.dumps(
        {**content, "sha256": _BLANK}, indent=2, allow_nan=allow_nan
    )
    blank = (text + "\n").encode()
    digest = hashlib.sha256(blank).hexdigest().encode()
    return _END.sub(lambda m: m.group(0).replace(m.group(1), digest), blank)


def read(path):
    """The content of a JSON file that is as it was written.

    Args:
        path: str or `pathlib.Path`.

    Returns:
        A dict.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it is damaged.
    """
    written = Path(path).read_bytes()
    end = _END.search(written)
    if end is not None:
        blank = written[: end.start(1)] + _BLANK.encode()
        blank += written[end.end(1) :]
        if hashlib.sha256(blank).hexdigest().encode() == end.group(1):
            content = json.loads(written)
            del content["sha256"]
            return content
    raise ValueError(
        f"{Path(path).name} is damaged or was changed: its content is not "
        f"what was written. Restore it from a copy. Received: {path}"
    )
