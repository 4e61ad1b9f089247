"""Graphs with a target each, as the user's files hold them."""

from pathlib import Path

from keras_nn import data
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import read_molecules
from keras_nn.data.graphs import read_tu_text

TEST_SHARE = 0.1


def read_labelled_graphs(path):
    """Graphs and their labels from a text of the TU format: a `GraphSplit`.

    Args:
        path: str. The file, see `keras_nn.data.graphs.read_tu_text`.
    """
    return GraphSplit(*read_tu_text(_file(path, ".txt")))


def read_measured_molecules(path):
    """Molecules and a number each from a CSV file: a `GraphSplit`.

    Args:
        path: str. The file, see `keras_nn.data.graphs.read_molecules`.
    """
    return read_molecules(_file(path, ".csv"))


def in_parts(whole, path, seed, class_names=None):
    """`data.Splits` of a `GraphSplit`, of which a tenth is the test set."""
    train, test = whole.split(TEST_SHARE, seed)
    return data.Splits(
        train,
        None,
        test,
        class_names=class_names,
        name=Path(path).name,
        source=str(path),
        description=f"{len(whole)} graphs; the test set is a random tenth, "
        f"drawn with {seed=}.",
    )


def _file(path, suffix):
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    if not path.is_file() or path.suffix.lower() != suffix:
        raise WrongRequest(
            f"Graphs are read from a {suffix} file. Received: {path}"
        )
    return path
