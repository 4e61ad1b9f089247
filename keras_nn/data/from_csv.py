import csv
from pathlib import Path

import numpy as np

from keras_nn.data.parts import draw_parts
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits


def from_csv(
    path, target=None, validation_fraction=0.1, test_fraction=0.1, seed=0
):
    """Your own table of numbers, a row an example.

    The first line names the columns. All of them but the target are finite
    numbers. The target is a class where its values are no numbers or whole
    ones, else a number.

    Args:
        path: str or path of a `.csv` file in UTF-8.
        target: str or None. Column of the target; without one the targets are
            zeros, which mean nothing.
        validation_fraction: float. Share that validates. Defaults to 0.1.
        test_fraction: float. The same for the test. Defaults to 0.1.
        seed: int. Of the draw.

    Returns:
        A `Splits`: inputs float32 of shape `(n, columns)`, targets int64
        (classes) or float32 of shape `(n,)`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: Naming the line and the column, on what is no number.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("x,y,kind\\n" + "1,2,a\\n3,4.5,b\\n" * 10)
    >>> splits = from_csv(path, target="kind")
    >>> splits.train, splits.class_names, splits.feature_names
    (Split(16 examples of shape (2,)), ('a', 'b'), ('x', 'y'))
    """
    x, kinds, names = read_table(path, target)
    classes = None
    y = np.zeros(len(x), "int64")
    if target is not None:
        y, classes = _targets(kinds)
    parts = draw_parts(
        {"train": Split(x, y)},
        validation_fraction,
        test_fraction,
        seed,
        stratify=classes is not None,
    )
    return Splits(
        **parts,
        class_names=classes,
        feature_names=names,
        name=Path(path).stem,
        source=str(path),
        description=f"{len(x)} rows of {len(names)} numbers; the parts are "
        f"drawn with {seed=}.",
    )


def read_table(path, target=None):
    """The numbers of a CSV file, and one of its columns as text.

    Args:
        path: str or path.
        target: str or None. The column that is left as it is.

    Returns:
        `(x, targets, names)`: float32 array `(n, columns)`, list of str, and
        the names of the columns of `x`.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("x,y\\n1,2\\n")
    >>> read_table(path)[0].tolist()
    [[1.0, 2.0]]
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no such file. Received: {path}")
    try:
        lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} must be UTF-8. Received: {error}") from error
    header = [name.strip() for name in lines[0]] if lines else []
    names = tuple(name for name in header if name != target)
    if target is not None and target not in header:
        raise ValueError(
            f"{path} must have a column {target!r}. Received: {header}"
        )
    rows, targets = [], []
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        if len(line) != len(header):
            raise ValueError(
                f"{path}: line {number} must have {len(header)} columns, as "
                f"the first has. Received: {len(line)}"
            )
        rows.append([])
        for name, text in zip(header, line, strict=True):
            if name == target:
                targets.append(text.strip())
            else:
                rows[-1].append(_number(path, number, name, text))
    if not rows or not names:
        raise ValueError(
            f"{path} must hold a line of names, then rows of numbers. "
            f"Received: {len(rows)} rows of {len(names)} columns"
        )
    return np.array(rows, "float32"), targets, names


def _number(path, line, name, text):
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise ValueError(
            f"{path}: line {line}, column {name!r} must hold a finite number. "
            f"Received: {text!r}"
        )
    return value


def _targets(texts):
    """Targets as an array, and the names of classes or None."""
    try:
        values = np.array(texts, "float64")
        whole = (values == values.round()).all()
    except ValueError:
        whole, values = True, None
    if not whole:
        return values.astype("float32"), None
    names = sorted(set(texts), key=lambda t: (values is None or float(t), t))
    return np.array([names.index(t) for t in texts], "int64"), tuple(names)
