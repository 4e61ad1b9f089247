import gzip
import json

import pytest

from keras_nn.data import pairs_from_path
from keras_nn.data import read_pairs

PAIRS = [(f"a {n}", f"ein {n}") for n in range(20)]


def tsv(path, pairs=PAIRS):
    path.write_text("".join(f"{s}\t{t}\n" for s, t in pairs))
    return path


def test_three_formats_hold_the_same(tmp_path):
    tsv(tmp_path / "a.tsv")
    rows = [json.dumps({"en": s, "de": t}) for s, t in PAIRS]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    for number, ending in enumerate(("en", "de")):
        text = "\n".join(pair[number] for pair in PAIRS) + "\n"
        path = tmp_path / f"b.{ending}.gz"
        path.write_bytes(gzip.compress(text.encode()))
    read = [
        read_pairs(tmp_path / "a.tsv"),
        read_pairs(tmp_path / "a.jsonl", "en", "de"),
        read_pairs(tmp_path / "b", "en", "de"),
    ]
    for pairs in read:
        assert list(zip(pairs.sources, pairs.targets, strict=True)) == PAIRS


def test_parts_are_read_or_drawn(tmp_path):
    drawn = pairs_from_path(
        tsv(tmp_path / "a.tsv"), 0.1, 0.2, 0, "source", "target"
    )
    parts = [drawn.train, drawn.validation, drawn.test]
    assert [len(part) for part in parts] == [14, 2, 4]
    assert {s for part in parts for s in part.x} == {s for s, _ in PAIRS}
    (tmp_path / "folder").mkdir()
    tsv(tmp_path / "folder" / "train.tsv")
    tsv(tmp_path / "folder" / "dev.tsv", PAIRS[:3])
    read = pairs_from_path(tmp_path / "folder", 0.1, 0.2, 0, "source", "target")
    assert (len(read.train), len(read.validation)) == (16, 3)
    assert "test" in read.description


def test_refuses_what_is_no_pairs(tmp_path):
    path = tmp_path / "a.tsv"
    for content, text in (
        ("a\tb\nc\n", "0 tabs in line 2"),
        ("a\tb\nc\t \n", "line 2 of .*: .'c', ' '."),
        ("", "must not be empty"),
    ):
        path.write_text(content)
        with pytest.raises(ValueError, match=text):
            read_pairs(path)
    path.write_bytes(b"a\tb\n\xff\tc\n")
    with pytest.raises(ValueError, match=r"byte 0xff at offset 4 \(line 2\)"):
        read_pairs(path)
    rows = tmp_path / "a.jsonl"
    rows.write_text('{"source": "a"}\n')
    with pytest.raises(ValueError, match="line 1 of"):
        read_pairs(rows)
    rows.write_text('{"source": "a", "target": 1}\n')
    with pytest.raises(ValueError, match="int in line 1"):
        read_pairs(rows)
    (tmp_path / "b.source").write_text("a\nb\n")
    with pytest.raises(FileNotFoundError, match="Pairs are"):
        read_pairs(tmp_path / "b")
    (tmp_path / "b.target").write_text("a\n")
    with pytest.raises(ValueError, match="2 lines in .* and 1 in"):
        read_pairs(tmp_path / "b")
    (tmp_path / "c.source.gz").write_bytes(b"no gzip")
    (tmp_path / "c.target").write_text("a\n")
    with pytest.raises(ValueError, match="not a whole gzip file"):
        read_pairs(tmp_path / "c")
    with pytest.raises(FileNotFoundError, match="holds train.tsv"):
        pairs_from_path(tmp_path, 0.1, 0.1, 0, "source", "target")
