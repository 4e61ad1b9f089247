"""Cora in the files of Yang et al., which fix the official split."""

import numpy as np

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.graphs.node_split import NodeSplit
from keras_nn.data.graphs.restricted_pickle import load_arrays
from keras_nn.data.graphs.undirected import to_undirected
from keras_nn.data.splits import Splits

COMMIT = "af6abf468a772cc055bec88c52e4d6f51b7c37e3"
URL = f"https://raw.githubusercontent.com/kimiyoung/planetoid/{COMMIT}/data/"
CORA_FILES = {
    name: RemoteFile(f"{URL}ind.cora.{name}", size, sha256)
    for name, size, sha256 in (
        (
            "x",
            22119,
            "23cfa55d91c6f624233f5eb7b6e3f141f1bd2b2ae39608a63cf5d084bb27baab",
        ),
        (
            "y",
            4054,
            "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
        ),
        (
            "tx",
            148025,
            "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
        ),
        (
            "ty",
            28135,
            "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
        ),
        (
            "allx",
            257305,
            "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
        ),
        (
            "ally",
            47959,
            "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
        ),
        (
            "graph",
            59847,
            "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
        ),
        (
            "test.index",
            5000,
            "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
        ),
    )
}
CORA_CLASSES = (
    "Theory",
    "Reinforcement_Learning",
    "Genetic_Algorithms",
    "Neural_Networks",
    "Probabilistic_Methods",
    "Case_Based",
    "Rule_Learning",
)
VALIDATION = 500  # nodes after those of the training set


def cora(folder):
    """2,708 papers that cite one another, 1,433 words, 7 subjects.

    The official split: 20 papers a subject to learn from, the 500 that
    follow them for validation, 1,000 to test on.
    """
    contents = {
        name: read(file, "cora", folder) for name, file in CORA_FILES.items()
    }
    graph, labels, masks = parse_planetoid(contents)
    return Splits(
        *(NodeSplit(graph, labels, mask) for mask in masks),
        class_names=CORA_CLASSES,
        name="cora",
        source=URL,
        licence="MIT",
        description="Papers and what they cite, both ways; 1,433 words, 0 or "
        "1. Official split of Yang et al., 2016: 140 papers to learn from, "
        "500 for validation, 1,000 for the test.",
    )


def parse_planetoid(contents):
    """Graph, labels and three masks from the bytes of the eight files.

    Args:
        contents: dict of bytes: `x`, `y` of the training nodes, `tx`, `ty` of
            the test nodes, `allx`, `ally` of all but those, `graph`, a dict
            of neighbours, and `test.index`.

    Returns:
        `(graph, labels, (train, validation, test))`.

    Raises:
        ValueError: If the files do not fit together.
        pickle.UnpicklingError: If one holds anything but arrays.
    """
    parts = {
        name: load_arrays(content)
        for name, content in contents.items()
        if name != "test.index"
    }
    order = np.array(contents["test.index"].split(), "int64")
    known = parts["allx"].shape[0]
    total = known + parts["tx"].shape[0]
    if sorted(order) != list(range(known, total)):
        raise ValueError(
            "The test nodes must be those that follow the others, "
            f"{known} to {total - 1}. Received: {len(order)} from "
            f"{order.min()} to {order.max()}"
        )
    features = np.zeros((total, parts["allx"].shape[1]), "float32")
    targets = np.zeros((total, parts["ally"].shape[1]), "int64")
    features[:known], targets[:known] = parts["allx"].toarray(), parts["ally"]
    features[order], targets[order] = parts["tx"].toarray(), parts["ty"]
    edges = [(a, b) for a, near in parts["graph"].items() for b in near]
    graph = to_undirected(
        {
            "node_features": features,
            "edge_index": np.array(edges, "int32").reshape(-1, 2),
        }
    )
    trained = len(parts["y"])
    masks = np.zeros((3, total), bool)
    masks[0, :trained] = True
    masks[1, trained : trained + VALIDATION] = True
    masks[2, order] = True
    return graph, targets.argmax(axis=1), masks
