import dataclasses
import gzip
import hashlib
import http.client
import os
import urllib.request
import warnings
import zlib
from pathlib import Path

import keras

from keras_nn.data import atomic_file

BLOCK = 1 << 20
TIMEOUT = 30  # seconds without a byte


@dataclasses.dataclass(frozen=True)
class RemoteFile:
    """A file at a public address whose content is known by its checksum.

    Args:
        url: str. The pinned address; its last part is the file's name.
        size: int. Bytes of the file at that address.
        sha256: str. Checksum of the file, or of what it unpacks to.
        unpacked: bool. Whether the file is gzipped and `sha256` is that of
            the unpacked content, so that another packing of it is fine too.
    """

    url: str
    size: int
    sha256: str
    unpacked: bool = False

    @property
    def name(self):
        return self.url.rsplit("/", 1)[-1]


def read(file, dataset, folder=None):
    """The verified content of a file: from a folder, the cache or its URL.

    The cache is `KERAS_HOME/datasets/<dataset>/`, or `~/.keras` in place of
    an unset `KERAS_HOME`. What is in it is verified at each reading, and
    fetched again where it is damaged.

    Args:
        file: `RemoteFile`.
        dataset: str. Name of the data set.
        folder: optional str. Where the file lies; then nothing is fetched.

    Returns:
        bytes; unpacked if `file.unpacked`.

    Raises:
        FileNotFoundError: If the file is neither here nor can be fetched.
        ValueError: If the content is not the one that is expected.
    """
    if folder is not None:
        path = Path(folder, file.name)
        if not path.is_file():
            raise FileNotFoundError(
                f"`{dataset}` needs the file {file.name} ({file.url}). "
                f"Received: a folder without it, {folder}"
            )
        return verified(path.read_bytes(), file, path)
    path = cache_folder(dataset) / file.name
    if path.is_file():
        try:
            return verified(path.read_bytes(), file, path)
        except ValueError as damage:
            warnings.warn(f"Fetching it again: {damage}", stacklevel=2)
    packed = fetch(file, dataset, path)
    content = verified(packed, file, file.url)
    atomic_file.write_bytes(path, packed)
    return content


def cache_folder(dataset):
    """`KERAS_HOME/datasets/<dataset>`, by the environment of this moment."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home).expanduser() / "datasets" / dataset


def verified(packed, file, where):
    """The content of the bytes, once its checksum is the expected one."""
    content = packed
    if file.unpacked:
        try:
            content = gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(
                f"{where} is not a whole gzip file ({error}). Received: "
                f"{len(packed)} bytes"
            ) from error
    received = hashlib.sha256(content).hexdigest()
    if received != file.sha256:
        raise ValueError(
            f"{where} does not hold the expected {checksum(file)}. Received: "
            f"{len(packed)} bytes with sha256 {received}"
        )
    return content


def fetch(file, dataset, path):
    """The bytes at the URL, or an error that says how to do without it."""
    try:
        with urllib.request.urlopen(file.url, timeout=TIMEOUT) as response:
            return receive(response, file)
    except (OSError, http.client.HTTPException) as error:
        raise FileNotFoundError(
            f"`{dataset}` could not be fetched ({error}). Put the file\n"
            f"  {file.name}\n  from {file.url}\n  with {checksum(file)}\n"
            f"into {path.parent}, or pass the folder that holds it as "
            f"`path=`. Received: no file at {path}"
        ) from error


def receive(response, file):
    """Reads no more than the expected size, and shows how far it is."""
    progress = keras.utils.Progbar(file.size, unit_name="byte", interval=1)
    blocks, received = [], 0
    while received <= file.size and (block := response.read(BLOCK)):
        blocks.append(block)
        received += len(block)
        progress.update(min(received, file.size))
    return b"".join(blocks)


def checksum(file):
    of = " of the unpacked content" if file.unpacked else ""
    return f"sha256{of} {file.sha256}"
