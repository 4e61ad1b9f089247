"""Texts with a tag for each word, as CoNLL's files hold them."""

import os
from pathlib import Path

import numpy as np

from keras_nn.data.class_folders import PARTS
from keras_nn.data.parts import draw_parts
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits
from keras_nn.data.text.labelled_texts import as_objects
from keras_nn.data.text.read_text import read_text

OUTSIDE = "O"
SUFFIXES = (".conll", ".txt", ".tsv", ".bio", ".iob")
DOCUMENT = "-DOCSTART-"  # a line of CoNLL-2003 that is no word


def tagged_texts(path, validation_fraction=0.1, test_fraction=0.1, seed=0):
    """Your own texts with a tag for each word.

    One word a line, its tag (`O`, `B-person`, `I-person` ...) in the last
    column, an empty line between texts; columns are divided by a tab, or by
    blanks where a line has no tab. `path` is such a file, or a folder with
    files named `train`, `validation` and `test` (`.conll`, `.txt`, ...).

    Args:
        path: str or path.
        validation_fraction: float. Share of the texts that validates, if
            there is no such file.
        test_fraction: float. The same for the test.
        seed: int. Of the draw.

    Returns:
        A `Splits`; an input is a tuple of words, a target an array of their
        tags' numbers.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        ValueError: naming file and line, on a word without a tag, an empty
            file or bytes that are no UTF-8.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.conll"
    >>> _ = path.write_text("in O\\nNew B-place\\nYork I-place\\n\\n" * 10)
    >>> splits = tagged_texts(path)
    >>> splits.class_names, splits.train.x[0]
    (('O', 'B-place', 'I-place'), ('in', 'New', 'York'))
    """
    path = Path(path)
    parts = {part: read_conll(file) for part, file in _files(path).items()}
    names = tag_names([tags for _, tags in parts.values()])
    unknown = set(names) - set(tag_names([parts["train"][1]]))
    if unknown:
        raise ValueError(
            "Every tag must be in the training part. Received also: "
            f"{sorted(unknown)} in {path}"
        )
    splits = {
        part: tagged_split(*found, names) for part, found in parts.items()
    }
    return Splits(
        **draw_parts(splits, validation_fraction, test_fraction, seed, False),
        class_names=names,
        name=path.stem,
        source=str(path),
        description="Texts with a tag for each word. Parts that are no files "
        f"of their own are drawn with {seed=}.",
    )


def tagged_split(texts, tags, names):
    """Texts and their tags as a `Split`.

    Args:
        texts: list of lists of str, their words.
        tags: list of lists of str, of the same lengths.
        names: sequence of str. Entry `k` names tag `k`.

    Raises:
        ValueError: on a tag that is not in `names`.

    Example:

    >>> split = tagged_split([["New", "York"]], [["B", "I"]], ["O", "B", "I"])
    >>> split.y[0].tolist()
    [1, 2]
    """
    number = {name: index for index, name in enumerate(names)}
    unknown = {tag for row in tags for tag in row} - set(number)
    if unknown:
        raise ValueError(
            f"There are the tags {list(names)}. Received: {sorted(unknown)}"
        )
    labels = [np.array([number[tag] for tag in row], "int64") for row in tags]
    return Split(
        as_objects([tuple(text) for text in texts]), as_objects(labels)
    )


def tag_names(parts):
    """All tags of lists of lists of tags: `O`, then the others by type."""
    found = {tag for tags in parts for row in tags for tag in row} | {OUTSIDE}
    return tuple(sorted(found, key=lambda tag: (tag != OUTSIDE, tag[2:], tag)))


def read_conll(path):
    """The texts of a file and their tags: two lists of lists of str.

    Args:
        path: str or path, as for `tagged_texts`.

    Raises:
        ValueError: naming file and line.
    """
    texts, tags, words, row = [], [], [], []
    lines = read_text(path).split("\n")
    for number, line in enumerate([*lines, ""], start=1):
        if not line.strip():
            if words:
                texts.append(words)
                tags.append(row)
                words, row = [], []
            continue
        columns = line.split("\t") if "\t" in line else line.split()
        columns = [column.strip() for column in columns]
        if columns[0] == DOCUMENT:
            continue
        if len(columns) < 2 or not columns[0] or not columns[-1]:
            raise ValueError(
                "Every word needs a tag in the last column. Received: "
                f"{line[:40]!r}, line {number} of {path}"
            )
        words.append(columns[0])
        row.append(columns[-1])
    if not texts:
        raise ValueError(f"There must be a word. Received: none in {path}")
    return texts, tags


def _files(path):
    if not path.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    if path.is_file():
        return {"train": path}
    files = {
        PARTS[file.stem.lower()]: file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in SUFFIXES and file.stem.lower() in PARTS
    }
    if "train" not in files:
        raise ValueError(
            "A folder of tagged texts holds a file named train "
            f"({', '.join(SUFFIXES)}). Received: {sorted(os.listdir(path))[:5]}"
            f" in {path}"
        )
    return files
