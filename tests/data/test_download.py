import functools
import gzip
import hashlib
import http.server
import threading

import pytest

from keras_nn.data import download
from keras_nn.data import load
from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read

CONTENT = bytes(range(256)) * 100


class Quiet(http.server.SimpleHTTPRequestHandler):
    requests = 0

    def do_GET(self):
        type(self).requests += 1
        super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path):
    """Serves `tmp_path/public` on this machine; `.url` and `.requests`."""
    public = tmp_path / "public"
    public.mkdir()

    class Handler(Quiet):
        pass

    handler = functools.partial(Handler, directory=str(public))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        httpd.folder = public
        httpd.url = f"http://127.0.0.1:{httpd.server_port}/"
        httpd.handler = Handler
        yield httpd
        httpd.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "datasets" / "toy"


def remote(server, content=CONTENT, **kwargs):
    sha256 = hashlib.sha256(content).hexdigest()
    return RemoteFile(server.url + "toy.bin", len(content), sha256, **kwargs)


def test_fetches_once_then_reads_the_cache(server, cache):
    (server.folder / "toy.bin").write_bytes(CONTENT)
    assert read(remote(server), "toy") == CONTENT
    assert [entry.name for entry in cache.iterdir()] == ["toy.bin"]
    assert (cache / "toy.bin").read_bytes() == CONTENT
    assert read(remote(server), "toy") == CONTENT
    assert server.handler.requests == 1


def test_a_damaged_cache_is_fetched_again_and_said(server, cache):
    (server.folder / "toy.bin").write_bytes(CONTENT)
    read(remote(server), "toy")
    (cache / "toy.bin").write_bytes(CONTENT[:-1])
    with pytest.warns(UserWarning, match="Fetching it again.*25599 bytes"):
        assert read(remote(server), "toy") == CONTENT
    assert (cache / "toy.bin").read_bytes() == CONTENT


def test_any_packing_of_the_right_content_will_do(server, cache):
    file = remote(server, unpacked=True)
    for level in (1, 9):
        (server.folder / "toy.bin").write_bytes(gzip.compress(CONTENT, level))
        assert read(file, "toy") == CONTENT
        (cache / "toy.bin").unlink()


@pytest.mark.parametrize(
    "served", [CONTENT[:-1], CONTENT + b"x", b"<html>", b""]
)
def test_what_is_not_the_file_is_refused_and_not_kept(server, cache, served):
    (server.folder / "toy.bin").write_bytes(served)
    with pytest.raises(ValueError, match="expected sha256 .* Received: "):
        read(remote(server), "toy")
    assert not cache.exists()


def test_absent_and_offline_says_all_that_is_needed(server, cache):
    file = remote(server)
    with pytest.raises(FileNotFoundError) as error:
        read(file, "toy")
    for part in ("toy.bin", file.url, file.sha256, str(cache), "404"):
        assert part in str(error.value)


def test_a_named_set_offline_says_all_that_is_needed(cache, monkeypatch):
    def unreachable(url, timeout):
        raise OSError("Network is unreachable")

    monkeypatch.setattr(download.urllib.request, "urlopen", unreachable)
    with pytest.raises(FileNotFoundError) as error:
        load("cifar10")
    for part in (
        "Network is unreachable",
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        str(cache.parent / "cifar10"),
    ):
        assert part in str(error.value)


def test_a_folder_without_the_file_is_named(tmp_path, server):
    with pytest.raises(FileNotFoundError, match="without it, .*nowhere"):
        read(remote(server), "toy", folder=tmp_path / "nowhere")
    assert server.handler.requests == 0


def test_the_cache_is_below_the_home_of_keras(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    expected = tmp_path / ".keras" / "datasets" / "toy"
    assert download.cache_folder("toy") == expected
