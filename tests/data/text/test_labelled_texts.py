import json

import pytest

from keras_nn.data import labelled_texts

ROWS = [(f"text {i}, it is", "good" if i % 2 else "bad") for i in range(20)]


def csv_file(path, rows=ROWS, sign=","):
    lines = [f"label{sign}text{sign}more"]
    lines += [f'{label}{sign}"{text}"{sign}1' for text, label in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_table_is_split_class_by_class(tmp_path):
    splits = labelled_texts(csv_file(tmp_path / "a.csv"), 0.1, 0.2)
    assert splits.class_names == ("bad", "good")
    sizes = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert sizes == [14, 2, 4]
    assert sorted(splits.test.y.tolist()) == [0, 0, 1, 1]
    assert splits.train.x[0].startswith("text")
    for text, label in zip(splits.test.x, splits.test.y, strict=True):
        assert (text, splits.class_names[label]) in ROWS


def test_every_format_reads_the_same(tmp_path):
    csv = labelled_texts(csv_file(tmp_path / "a.csv"))
    tsv = labelled_texts(csv_file(tmp_path / "a.tsv", sign="\t"))
    lines = [json.dumps({"text": t, "label": n}) for t, n in ROWS]
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, ""]))
    jsonl = labelled_texts(tmp_path / "a.jsonl")
    for one in (tsv, jsonl):
        assert one.train.x.tolist() == csv.train.x.tolist()
        assert one.train.y.tolist() == csv.train.y.tolist()


def test_tables_named_by_part(tmp_path):
    csv_file(tmp_path / "train.csv")
    csv_file(tmp_path / "test.csv", ROWS[:3])
    splits = labelled_texts(tmp_path)
    assert (len(splits.train), len(splits.test)) == (18, 3)


def test_class_folders(tmp_path):
    for index, (text, label) in enumerate(ROWS):
        folder = tmp_path / label
        folder.mkdir(exist_ok=True)
        (folder / f"{index:02}.txt").write_text(text)
    splits = labelled_texts(tmp_path)
    assert splits.class_names == ("bad", "good")
    assert len(splits.train) == 16


def test_columns_may_have_other_names(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("body,kind\n" + "no,bad\nyes,good\n" * 5)
    splits = labelled_texts(path, text="body", label="kind")
    assert set(splits.train.x) == {"yes", "no"}
    with pytest.raises(ValueError, match=r"`text`. Received: columns \['body"):
        labelled_texts(path)


def test_a_field_of_ten_megabytes(tmp_path):
    path = csv_file(tmp_path / "a.csv", [("x" * 10_000_000, "good"), *ROWS])
    splits = labelled_texts(path, 0.0, 0.0)
    assert max(map(len, splits.train.x)) == 10_000_000


@pytest.mark.parametrize(
    "name, content, match",
    [
        ("a.csv", b"", "must not be empty"),
        ("a.csv", b"text,label\n", "must have a row"),
        ("a.csv", b"text,label\nyes,\n", "`label`. Received: .* line 2"),
        ("a.csv", b"text,label\nyes\n", "`label`. Received: .* line 2"),
        ("a.csv", b"text,label\n\xff,a\n", "0xff at offset 11 .line 2."),
        ("a.csv", b"text,label\na,b\nc,b\n", "two classes"),
        ("a.jsonl", b'{"text": "a"}\n', "`label`. Received: .* line 1"),
        ("a.jsonl", b'{"text": \n', "JSON object. Received: .* line 1"),
        ("a.xls", b"x", "ends in .csv"),
    ],
)
def test_faulty_files_are_named(tmp_path, name, content, match):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=match):
        labelled_texts(tmp_path / name)


def test_faulty_folders_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="Received: .*absent"):
        labelled_texts(tmp_path / "absent")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match="must hold .txt files"):
        labelled_texts(tmp_path)
