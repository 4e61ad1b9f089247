import csv
from collections import Counter

import numpy as np

_SEPARATORS = ("|", ";", ",")  # of labels with blanks in them
_ABSENT, _PRESENT = {"0", "0.0", "false"}, {"1", "1.0", "true"}


def read_label_table(file):
    """The names of pictures in a table, and the labels of each.

    The first column holds names of files. Behind it there is either one
    column of labels, several divided by blanks (or by `|`, `;` or `,`, where
    one of these occurs), or a column of 0 and 1 for each label.

    Args:
        file: `Path` of a CSV file whose first row names the columns.

    Returns:
        `(names, labels, known)`: a list of str; a list of sets of str; and
        the labels in the order of their columns, or sorted.

    Raises:
        ValueError: If it is no such table; the text names file and row.

    Example:

    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "labels.csv")
    >>> _ = file.write_text("file,tags\\na.png,cat dog\\nb.png,\\n")
    >>> names, labels, known = read_label_table(file)
    >>> names, [sorted(one) for one in labels], known
    (['a.png', 'b.png'], [['cat', 'dog'], []], ['cat', 'dog'])
    """
    try:
        with open(file, encoding="utf-8-sig", newline="") as stream:
            header, *rows = [row for row in csv.reader(stream) if any(row)]
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise ValueError(
            "Expected a CSV file with a row of column names, the first of "
            f"file names ({error}). Received: {file}"
        ) from error
    header = [name.strip() for name in header]
    if len(header) < 2 or not rows:
        raise ValueError(
            "Expected a column of file names, one or more of labels, and a "
            f"row for each picture. Received: columns {header} and "
            f"{len(rows)} rows in {file}"
        )
    if len(set(header)) < len(header):
        raise ValueError(
            f"Columns must differ in their names. Received: {header} in {file}"
        )
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header) or not row[0].strip():
            raise ValueError(
                f"Every row must have a file name and {len(header)} cells. "
                f"Received: {row} in row {number} of {file}"
            )
    names = [row[0].strip() for row in rows]
    twice = sorted(name for name, n in Counter(names).items() if n > 1)[:5]
    if twice:
        raise ValueError(
            "Every picture must have one row. Received: several of "
            f"{', '.join(twice)} in {file}"
        )
    cells = [[cell.strip() for cell in row[1:]] for row in rows]
    binary = _ABSENT | _PRESENT
    if len(header) == 2 and not all(c.lower() in binary for (c,) in cells):
        labels = _words([cell for (cell,) in cells])
        return names, labels, sorted(set().union(*labels))
    labels = []
    for number, row in enumerate(cells, start=2):
        for column, cell in zip(header[1:], row, strict=True):
            if cell.lower() not in binary:
                raise ValueError(
                    "A column for each label must hold 0 and 1. Received: "
                    f"{cell!r} in column {column!r}, row {number} of {file}"
                )
        present = [cell.lower() in _PRESENT for cell in row]
        labels.append(
            {n for n, p in zip(header[1:], present, strict=True) if p}
        )
    return names, labels, header[1:]


def label_matrix(labels, names, source=""):
    """Sets of labels as rows of 0 and 1: float32 `(pictures, labels)`.

    Args:
        labels: list of sets of str.
        names: list of str. What the columns stand for.
        source: str. Where the labels are from, for errors.

    Raises:
        ValueError: If there is a label that has no column.

    Example:

    >>> label_matrix([{"a"}, set(), {"a", "b"}], ["b", "a"]).tolist()
    [[0.0, 1.0], [0.0, 0.0], [1.0, 1.0]]
    """
    unknown = sorted(set().union(*labels) - set(names))
    if unknown:
        raise ValueError(
            f"The labels are {', '.join(names)}. Received: "
            f"{', '.join(unknown[:5])} in {source}"
        )
    place = {name: index for index, name in enumerate(names)}
    rows = np.zeros((len(labels), len(names)), "float32")
    for row, present in zip(rows, labels, strict=True):
        row[[place[name] for name in present]] = 1
    return rows


def _words(cells):
    found = [s for s in _SEPARATORS if any(s in cell for cell in cells)]
    parts = [cell.split(found[0] if found else None) for cell in cells]
    return [{word.strip() for word in part} - {""} for part in parts]
