import csv
from pathlib import Path

import numpy as np

from keras_nn.data.graphs.graph_split import GraphSplit
from keras_nn.data.graphs.smiles import molecule


def read_molecules(path, smiles="smiles", target=None):
    """Molecules and a number each, from a CSV file with a line of names.

    Args:
        path: str. The file.
        smiles: str. Name of the column of SMILES texts. Defaults to
            `"smiles"`.
        target: str or None. Name of the column of numbers. Defaults to the
            last but `smiles`.

    Returns:
        A `GraphSplit` with targets of shape `(n, 1)`.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If RDKit is missing.
        ValueError: If a column is missing, or a line holds no molecule or no
            number; the text names the line.

    Example:

    >>> import pytest, tempfile
    >>> _ = pytest.importorskip("rdkit")
    >>> path = Path(tempfile.mkdtemp(), "two.csv")
    >>> _ = path.write_text("smiles,boils\\nCCO,78.2\\nO,100\\n")
    >>> read_molecules(path).y.tolist()
    [[78.19999694824219], [100.0]]
    """
    return parse_molecules(Path(path).read_text(), path, smiles, target)


def parse_molecules(text, path, smiles="smiles", target=None):
    """`read_molecules` of a text; `path` is for messages."""
    rows = csv.DictReader(text.splitlines())
    names = list(rows.fieldnames or ())
    numbers = [name for name in names if name != smiles]
    target = target or (numbers[-1] if numbers else None)
    if smiles not in names or target not in names:
        raise ValueError(
            f"{path} must have the columns {smiles!r} and "
            f"{target or 'one of numbers'!r}. Received: {names}"
        )
    graphs, targets = [], []
    for line, row in enumerate(rows, start=2):
        try:
            value = float(row[target])
            if not np.isfinite(value):
                raise ValueError("a number must be finite")
            graphs.append(molecule(row[smiles] or ""))
            targets.append(value)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"{path}: line {line} must hold a molecule and a number "
                f"({error}). Received: {row[smiles]!r}, {row[target]!r}"
            ) from error
    if not graphs:
        raise ValueError(f"{path} must hold a molecule. Received: none")
    return GraphSplit(graphs, np.array(targets, "float32")[:, None])
