"""MUTAG as text, with the ten folds on which it is reported."""

from pathlib import Path

import numpy as np

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.graphs.graph_split import GraphSplit
from keras_nn.data.graphs.tu_text import parse_tu_text
from keras_nn.data.splits import Splits

URL = (
    "https://raw.githubusercontent.com/muhanzhang/pytorch_DGCNN/master/data/"
    "MUTAG/"
)
GRAPHS = RemoteFile(
    f"{URL}MUTAG.txt",
    32377,
    "5897dae243f6c773aab54ec99e86551c3b1e8601acef254714073042c632d30e",
)
FOLDS = [
    RemoteFile(f"{URL}10fold_idx/test_idx-{fold}.txt", size, sha256)
    for fold, (size, sha256) in enumerate(
        (
            (
                63,
                "52a082efad97dbff2220023632ef36009025489cad04ee40d027758cdc2525c4",
            ),
            (
                58,
                "356bc8b8d00c2da11596ac0589981fcefec6cc2a888c015d9e35f17001e16b20",
            ),
            (
                61,
                "f485c4e7341e78d08a8450e61861c53406ef7beb86ae2dac16062cf8214eb448",
            ),
            (
                61,
                "7b8db256fafc179a2bd3c4a7114f0ae3905dd13fb318f34f3281a5a5066161c0",
            ),
            (
                62,
                "992858c1122d9f9e99c4fe975742632bbcc4dc9cc651c6513c4accf526fbb4b7",
            ),
            (
                62,
                "eaf2e57b545766e558dd393ee428ac1561bcc07a42908eb8644835ccb4bc3062",
            ),
            (
                63,
                "eda25cebd772a6935d4b780a4f58d8aa947df43c14463a6ed0aeb2e555462f5c",
            ),
            (
                64,
                "9da7a48b329f17c16bc15939bafb14bababde6d948aff83583e32cdb1dc2c4d6",
            ),
            (
                65,
                "274119935ba895fa3d8829a463243800c1982704f9f179bb4ef290af1019c092",
            ),
            (
                55,
                "adaf574e4804a4c6849a8213121b1a18bd45101a1ca2e83e90b2c0917abee5df",
            ),
        ),
        start=1,
    )
]


def mutag(folder, fold=1):
    """188 molecules, 7 kinds of atoms: do they change genes?

    Args:
        folder: str or None. Where MUTAG.txt and the folder 10fold_idx lie.
        fold: int. Which of the ten published folds is the test set, from 1.
    """
    graphs, labels = parse_tu_text(
        read(GRAPHS, "mutag", folder).decode(), GRAPHS.name
    )
    below = folder and Path(folder, "10fold_idx")
    test = np.array(read(FOLDS[fold - 1], "mutag", below).split(), "int64")
    whole = GraphSplit(graphs, labels)
    rest = np.setdiff1d(np.arange(len(whole)), test)
    return Splits(
        whole[rest],
        None,
        whole[test],
        class_names=("not mutagenic", "mutagenic"),
        name="mutag",
        source=URL,
        licence="MIT",
        description=f"188 molecules, atoms and bonds; the test set is fold "
        f"{fold} of the ten published ones.",
    )
