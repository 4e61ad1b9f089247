import pytest

from keras_nn.data import read_text


def test_reads_folders_in_order_and_unifies_line_ends(tmp_path):
    (tmp_path / "b.txt").write_bytes("\ufeffzwei\r\n".encode())
    (tmp_path / "a.txt").write_bytes(b"eins")
    (tmp_path / "c.bin").write_bytes(b"\xff")
    assert read_text(tmp_path) == "eins\nzwei\n"


def test_a_line_may_be_of_any_length(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("é" * 5_000_000)
    assert len(read_text(path)) == 5_000_000


def test_bytes_that_are_no_text_are_named(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("né\n".encode() + b"caf\xe9 ole")
    with pytest.raises(
        ValueError, match=r"byte 0xe9 at offset 7 \(line 2\) of .*a\.txt"
    ):
        read_text(path)


def test_an_empty_and_an_absent_file_are_named(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(ValueError, match=r"Received: .*empty\.txt"):
        read_text(tmp_path)
    with pytest.raises(FileNotFoundError, match="Received: .*nowhere"):
        read_text(tmp_path / "nowhere")
    (tmp_path / "empty.txt").unlink()
    with pytest.raises(FileNotFoundError, match="folder of .txt files"):
        read_text(tmp_path)
