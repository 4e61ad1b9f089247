"""Nodes with labels and features, from a GraphML file."""

import numpy as np

from keras_nn.applications.node_tables import labelled
from keras_nn.applications.unknown_choice import WrongRequest


def read_graphml_nodes(path):
    """What a file says of nodes: a dict of the arguments of `LabelledNodes`.

    Args:
        path: `pathlib.Path`.

    Raises:
        WrongRequest: If it is no GraphML, an edge leads to a node that is not
            there, or an attribute of nodes that is neither `label` nor
            `split` is no number.
    """
    from xml.etree import ElementTree

    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise WrongRequest(
            f"The file must be GraphML. Received: {path}: {error}"
        ) from error
    parts = {"key": [], "node": [], "edge": []}
    for element in root.iter():
        kind = element.tag.rsplit("}", maxsplit=1)[-1]  # without namespace
        if kind in parts:
            parts[kind].append(element)
    if not parts["node"]:
        raise WrongRequest(
            f"The file must be GraphML with nodes. Received: {path} with none"
        )
    names = {key.get("id"): key.get("attr.name") for key in parts["key"]}

    def attributes(element):
        return {
            names.get(data.get("key")): (data.text or "").strip()
            for data in element
            if data.get("key") is not None
        }

    nodes = {node.get("id"): attributes(node) for node in parts["node"]}
    columns = list(dict.fromkeys(c for found in nodes.values() for c in found))
    rows = [
        [name, *(found.get(column, "") for column in columns)]
        for name, found in nodes.items()
    ]

    def edges(ids):
        ends = [(e.get("source"), e.get("target")) for e in parts["edge"]]
        for pair in ends:
            if not set(pair) <= set(ids):
                raise WrongRequest(
                    f"{path}: every edge must lead between nodes of the file. "
                    f"Received: {pair}"
                )
        numbers = [[ids[source], ids[target]] for source, target in ends]
        found = {"edge_index": np.array(numbers, "int32").reshape(-1, 2)}
        weights = [attributes(edge).get("weight") for edge in parts["edge"]]
        if weights and None not in weights:
            found["edge_weights"] = np.array(weights, "float64")
        return found

    return labelled(["name", *columns], rows, path, edges)
