import json
import os
from pathlib import Path

from keras_nn.pretrained.tensor_file import read_tensors

_FILES = (
    "config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "*.safetensors",
    "*.safetensors.index.json",
)
_WEIGHTS = "model.safetensors"


class PublishedFolder:
    """A checkpoint as it is published: its configuration and its tensors.

    Args:
        name: path of a folder, or the id `owner/name` of a repository of the
            Hugging Face hub, which is downloaded once by `huggingface_hub`.
        revision: str or None. Branch, tag or commit on the hub; a commit
            pins what is loaded.

    Raises:
        FileNotFoundError: if there is no such folder, or the hub cannot be
            reached; it says where the files come from and go to.
        ImportError: if it takes `huggingface_hub`, which is not installed.

    Example:

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "config.json").write_text('{"model_type": "vit"}')
    >>> PublishedFolder(folder).config
    {'model_type': 'vit'}
    """

    def __init__(self, name, revision=None):
        path = Path(name)
        self.path = path if path.is_dir() else _downloaded(name, revision)

    @property
    def config(self):
        """What `config.json` holds: dict."""
        return self._json("config.json")

    @property
    def preprocessor(self):
        """What `preprocessor_config.json` holds: dict, or None without."""
        if not (self.path / "preprocessor_config.json").is_file():
            return None
        return self._json("preprocessor_config.json")

    def tensors(self, sha256=None):
        """All tensors, of one file or of the shards that an index names.

        Args:
            sha256: str, the checksum of the file; of several, a dict from the
                name of each to its checksum. None checks none.

        Returns:
            dict from str to array.

        Raises:
            FileNotFoundError: if there are only pickled weights, or none.
            ValueError: on a damaged file, or one of another checksum.
        """
        names = self._weight_files()
        if isinstance(sha256, str):
            if len(names) > 1:
                raise ValueError(
                    "`sha256` must be a dict from file to checksum. "
                    f"Received: {sha256!r} for {names}"
                )
            sha256 = {names[0]: sha256}
        if sha256 is not None and {*sha256} != {*names}:
            raise ValueError(
                f"`sha256` must name the files {names}. "
                f"Received: {sorted(sha256)}"
            )
        found = {}
        for name in names:
            checksum = None if sha256 is None else sha256[name]
            part = read_tensors(self.path / name, checksum)
            twice = sorted(found.keys() & part.keys())
            if twice:
                raise ValueError(
                    "A tensor must be in one file. Received: "
                    f"{twice} in several of {self.path}"
                )
            found |= part
        return found

    def _weight_files(self):
        if (self.path / _WEIGHTS).is_file():
            return [_WEIGHTS]
        if (self.path / f"{_WEIGHTS}.index.json").is_file():
            index = self._json(f"{_WEIGHTS}.index.json")
            names = sorted({*index["weight_map"].values()})
            if any(os.path.basename(name) != name for name in names):
                raise ValueError(
                    "An index must name files beside it. "
                    f"Received: {names} in {self.path}"
                )
            return names
        present = sorted(p.name for p in self.path.iterdir())
        raise FileNotFoundError(
            f"There must be a {_WEIGHTS} in the folder; pickled weights "
            "(.bin, .pt) are not read, for they can execute code. "
            f"Received: {present} in {self.path}"
        )

    def _json(self, name):
        path = self.path / name
        if not path.is_file():
            raise FileNotFoundError(
                f"There must be a {name} in the folder. Received: {self.path}"
            )
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path} is no JSON. Received: {error}") from error


def _downloaded(name, revision):
    parts = str(name).split("/")
    if len(parts) != 2 or not all(parts) or parts[0] in (".", "..", "~"):
        raise FileNotFoundError(
            "There must be a folder of this name, or it must be the id "
            f"'owner/name' of a repository. Received: {name}"
        )
    try:
        import huggingface_hub
    except ImportError as error:
        raise ImportError(
            "Downloading a checkpoint takes huggingface_hub: "
            "`pip install keras-nn[hub]`. Or download the files "
            f"{', '.join(_FILES)} of https://huggingface.co/{name} to a "
            f"folder, and hand over its path. Received: {name!r}"
        ) from error
    try:
        folder = huggingface_hub.snapshot_download(
            str(name), revision=revision, allow_patterns=list(_FILES)
        )
    except (OSError, ValueError) as error:
        raise FileNotFoundError(
            f"{name} is neither a folder nor could it be downloaded. Without "
            f"a connection, download {', '.join(_FILES)} of "
            f"https://huggingface.co/{name} elsewhere, copy them to a folder, "
            f"and hand over its path. Received: {error}"
        ) from error
    return Path(folder)
