import hashlib
import json
import sys
import types

import numpy as np
import pytest

from keras_nn.pretrained.published_folder import PublishedFolder
from keras_nn.pretrained.tensor_file import write_tensors


@pytest.fixture
def folder(tmp_path):
    write_tensors(tmp_path / "model.safetensors", {"w": np.ones(3)})
    (tmp_path / "config.json").write_text('{"model_type": "vit"}')
    return tmp_path


def test_reads_a_folder(folder):
    published = PublishedFolder(folder)
    assert published.config == {"model_type": "vit"}
    assert published.preprocessor is None
    assert published.tensors()["w"].tolist() == [1, 1, 1]


def test_reads_shards_that_an_index_names(tmp_path):
    sums = {}
    for name, key in (("a.safetensors", "v"), ("b.safetensors", "w")):
        write_tensors(tmp_path / name, {key: np.ones(2)})
        content = (tmp_path / name).read_bytes()
        sums[name] = hashlib.sha256(content).hexdigest()
    index = {"weight_map": {"v": "a.safetensors", "w": "b.safetensors"}}
    path = tmp_path / "model.safetensors.index.json"
    path.write_text(json.dumps(index))
    published = PublishedFolder(tmp_path)
    assert published.tensors(sums).keys() == {"v", "w"}
    with pytest.raises(ValueError, match="`sha256` must be a dict"):
        published.tensors("0" * 64)
    with pytest.raises(ValueError, match="must name the files"):
        published.tensors({"a.safetensors": sums["a.safetensors"]})
    path.write_text('{"weight_map": {"v": "../a.safetensors"}}')
    with pytest.raises(ValueError, match="must name files beside it"):
        published.tensors()


def test_pickled_weights_are_not_read(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(FileNotFoundError, match="can execute code"):
        PublishedFolder(tmp_path).tensors()
    with pytest.raises(FileNotFoundError, match="must be a config.json"):
        _ = PublishedFolder(tmp_path).config
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ValueError, match="is no JSON"):
        _ = PublishedFolder(tmp_path).config


def test_the_hub_is_asked_for_what_is_read(folder, monkeypatch):
    asked = {}

    def snapshot_download(name, **given):
        asked.update(given, name=name)
        return str(folder)

    hub = types.SimpleNamespace(snapshot_download=snapshot_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    assert PublishedFolder("owner/name", "abc").path == folder
    assert asked["name"] == "owner/name" and asked["revision"] == "abc"
    assert not any(p.endswith((".bin", ".pt")) for p in asked["allow_patterns"])


def test_offline_it_says_what_to_do(monkeypatch):
    def snapshot_download(name, **given):
        raise OSError("no route to host")

    hub = types.SimpleNamespace(snapshot_download=snapshot_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    with pytest.raises(
        FileNotFoundError,
        match=r"https://huggingface.co/owner/name elsewhere.*no route to host",
    ):
        PublishedFolder("owner/name")
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match=r"pip install keras-nn\[hub\]"):
        PublishedFolder("owner/name")
    with pytest.raises(FileNotFoundError, match="Received: /no/such/folder"):
        PublishedFolder("/no/such/folder")
