"""Texts with a class each: tables, lines of JSON, folders of files."""

import csv
import io
import json
from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import PARTS
from keras_nn.data.class_folders import find_class_names
from keras_nn.data.class_folders import find_parts
from keras_nn.data.parts import draw_parts
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits
from keras_nn.data.text.read_text import read_text

TABLES = (".csv", ".tsv", ".jsonl")


def labelled_texts(
    path,
    validation_fraction=0.1,
    test_fraction=0.1,
    seed=0,
    text="text",
    label="label",
):
    """Your own texts with a class each.

    `path` is a table of the columns `text` and `label` (`.csv`, `.tsv`, or
    `.jsonl`, one JSON object a line); a folder with tables named `train`,
    `validation` and `test`; or a folder of class folders of `.txt` files,
    again with or without folders of these names above them. Files are UTF-8.

    Args:
        path: str or path.
        validation_fraction: float. Share that validates, if there is no such
            part.
        test_fraction: float. The same for the test.
        seed: int. Of the draw.
        text: str. Column of the text. Defaults to `"text"`.
        label: str. Column of the class. Defaults to `"label"`.

    Returns:
        A `Splits` whose inputs are str.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        ValueError: naming file and line, on a text without a class, an empty
            file or bytes that are no UTF-8.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("text,label\\n" + "yes,good\\nno,bad\\n" * 5)
    >>> splits = labelled_texts(path)
    >>> splits.class_names, splits.test
    (('bad', 'good'), Split(1 examples of shape ()))
    """
    path = Path(path)
    parts = read_parts(path, text, label)
    names = sorted({name for _, found in parts.values() for name in found})
    unknown = set(names) - set(parts["train"][1])
    if unknown or len(names) < 2:
        raise ValueError(
            "There must be two classes at least, and texts of each to learn "
            f"from. Received: {names} in {path}, untrained {sorted(unknown)}"
        )
    number = {name: index for index, name in enumerate(names)}
    splits = {
        part: text_split(texts, [number[name] for name in found])
        for part, (texts, found) in parts.items()
    }
    return Splits(
        **draw_parts(splits, validation_fraction, test_fraction, seed),
        class_names=tuple(names),
        name=path.stem,
        source=str(path),
        description="Texts with a class each. Parts that are no files of "
        f"their own are drawn class by class with {seed=}.",
    )


def text_split(texts, labels):
    """Texts and their classes as a `Split`.

    Args:
        texts: list of str.
        labels: list of int, one for each text.

    Example:

    >>> text_split(["To be", "or not"], [1, 0])
    Split(2 examples of shape ())
    """
    return Split(as_objects(texts), np.asarray(labels, "int64"))


def as_objects(items):
    """A one-dimensional array of Python objects."""
    array = np.empty(len(items), dtype=object)
    for index, item in enumerate(items):  # at once, lists would be unpacked
        array[index] = item
    return array


def read_parts(path, text="text", label="label"):
    """What lies under a path: a dict of part to `(texts, labels)`.

    Args:
        path: `pathlib.Path`.
        text: str. Column of the text.
        label: str or None. Column of the class; None reads texts alone.
    """
    if path.is_file():
        return {"train": read_table(path, text, label)}
    if not path.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    tables = {
        PARTS[file.stem.lower()]: file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in TABLES and file.stem.lower() in PARTS
    }
    if "train" in tables:
        return {
            part: read_table(file, text, label) for part, file in tables.items()
        }
    parts = find_parts(path)
    names = find_class_names(parts)
    return {
        part: _read_folders(folder, names) for part, folder in parts.items()
    }


def read_table(path, text="text", label="label"):
    """The texts and labels of one table: two lists of str."""
    if path.suffix.lower() not in TABLES:
        raise ValueError(
            f"A table of texts ends in {', '.join(TABLES)}. Received: {path}"
        )
    content = read_text(path)
    rows = _json_rows if path.suffix.lower() == ".jsonl" else _csv_rows
    texts, labels = [], []
    wanted = [text] if label is None else [text, label]
    for line, row in rows(content, path):
        for name in wanted:
            value = row.get(name)
            if value is None or (name == label and value == ""):
                raise ValueError(
                    f"Every row must have a value of `{name}`. Received: "
                    f"columns {[k for k in row if k]}, line {line} of {path}"
                )
        texts.append(str(row[text]))
        labels.append(None if label is None else str(row[label]))
    if not texts:
        raise ValueError(
            f"A table of texts must have a row. Received: none in {path}"
        )
    return texts, labels


def _csv_rows(content, path):
    before = csv.field_size_limit(max(len(content), csv.field_size_limit()))
    try:
        reader = csv.DictReader(
            io.StringIO(content, newline=""),
            delimiter="\t" if path.suffix.lower() == ".tsv" else ",",
        )
        for row in reader:
            yield reader.line_num, row
    finally:
        csv.field_size_limit(before)


def _json_rows(content, path):
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            row = error
        if not isinstance(row, dict):
            raise ValueError(
                "Every line must be a JSON object. Received: "
                f"{line[:40]!r}, line {number} of {path}"
            )
        yield number, row


def _read_folders(folder, names):
    texts, labels = [], []
    for name in names:
        for file in sorted((folder / name).glob("*.txt")):
            texts.append(read_text(file))
            labels.append(name)
    if not texts:
        raise ValueError(
            f"Class folders must hold .txt files. Received: none in {folder}"
        )
    return texts, labels
