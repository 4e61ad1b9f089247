"""Rows of numbers in CSV files, as an application knows their columns."""

import csv

from keras_nn import data


def read_rows(path, feature_names, count, settings=None):
    """The rows of a CSV file, in the order of the columns that were learnt.

    Args:
        path: str.
        feature_names: list of str or None: any names then, `count` of them.
        count: int. Number of columns.
        settings: dict or None. Its `target` names a column that is no input.

    Returns:
        Float32 array `(n, count)`.

    Raises:
        ValueError: If a column is missing.
    """
    target = (settings or {}).get("target")
    rows, _, names = data.read_table(path, target)
    if feature_names is None:
        if len(names) != count:
            raise ValueError(
                f"{path} must have {count} columns. Received: {list(names)}"
            )
        return rows
    missing = [name for name in feature_names if name not in names]
    if missing:
        raise ValueError(
            f"{path} must have the columns {feature_names}. "
            f"Received: {list(names)}, without {missing}"
        )
    return rows[:, [names.index(name) for name in feature_names]]


def write_rows(path, rows, feature_names=None):
    """Writes rows into a CSV file, names first.

    Args:
        path: str.
        rows: array `(n, columns)`.
        feature_names: list of str or None: then `x0`, `x1` ...
    """
    names = feature_names or [f"x{i}" for i in range(rows.shape[1])]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([[f"{value:.6g}" for value in row] for row in rows])
