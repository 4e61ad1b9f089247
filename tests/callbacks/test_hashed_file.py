import hashlib

import pytest

from keras_nn.callbacks import hashed_file


def written(path, *parts):
    facts = {}
    with hashed_file.create(path, facts) as file:
        for part in parts:
            file.write(part)
    return facts


def test_gives_back_what_was_written_and_knows_its_hash(tmp_path):
    parts = b"a" * 3_000_000, b"", b"b" * 5
    facts = written(tmp_path / "x", *parts)
    content = b"".join(parts)
    assert (tmp_path / "x").read_bytes() == content
    assert facts == {
        "x": {
            "bytes": 3_000_005,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    }
    assert hashed_file.read(tmp_path / "x", facts["x"]) == content


def test_refuses_what_was_not_written(tmp_path):
    facts = written(tmp_path / "x", b"content")["x"]
    (tmp_path / "x").write_bytes(b"contend")
    with pytest.raises(ValueError, match="its sha256 is not that of what"):
        hashed_file.read(tmp_path / "x", facts)
    (tmp_path / "x").write_bytes(b"conten")
    with pytest.raises(ValueError, match="has 6 bytes in place of 7"):
        hashed_file.read(tmp_path / "x", facts)
    with pytest.raises(FileNotFoundError):
        hashed_file.read(tmp_path / "y", facts)


def test_a_file_that_was_not_finished_has_no_facts(tmp_path):
    facts = {}
    with pytest.raises(InterruptedError):
        with hashed_file.create(tmp_path / "x", facts) as file:
            file.write(b"con")
            raise InterruptedError
    assert facts == {}
