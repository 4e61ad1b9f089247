"""ESOL: how well 1,128 small molecules dissolve in water."""

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.graphs.molecule_table import parse_molecules
from keras_nn.data.splits import Splits

FILE = RemoteFile(
    "https://raw.githubusercontent.com/deepchem/deepchem/master/datasets/"
    "delaney-processed.csv",
    96699,
    "8c06a76f0c6487d29ab0f903e6a7a7139f189ab3c1178f159c8be8964602f189",
)
TARGET = "measured log solubility in mols per litre"


def esol(folder, seed=0):
    """1,128 molecules and their solubility; a random tenth to test on.

    Args:
        folder: str or None. Where delaney-processed.csv lies.
        seed: int. Draws the test set.
    """
    whole = parse_molecules(
        read(FILE, "esol", folder).decode(), FILE.name, "smiles", TARGET
    )
    train, test = whole.split(0.1, seed, stratify=False)
    return Splits(
        train,
        None,
        test,
        name="esol",
        source=FILE.url,
        licence="MIT",
        description="Small molecules; the target is the logarithm of their "
        f"solubility in mol/l. Random split, drawn with {seed=}.",
    )
