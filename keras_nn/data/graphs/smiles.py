import numpy as np

ELEMENTS = ("C", "N", "O", "F", "P", "S", "Cl", "Br", "I")
HYBRIDIZATIONS = ("SP", "SP2", "SP3")
BONDS = ("SINGLE", "DOUBLE", "TRIPLE", "AROMATIC")


def molecule(smiles):
    """A molecule as a graph: atoms are nodes, every bond two edges.

    The features of an atom are its element (one of nine, or another), the
    number of its neighbours (0 to 5) and hydrogens (0 to 4), its
    hybridisation (one of three, or another), charge, and whether it is
    aromatic, in a ring, a stereocentre; those of a bond its kind, and whether
    it is conjugated, in a ring, of known stereo configuration. Needs RDKit:
    `pip install keras-nn[chem]`.

    Args:
        smiles: str. A SMILES text; spaces around it are left out.

    Returns:
        A graph, see `check_graph`, with `edge_features`.

    Raises:
        ImportError: If RDKit is missing.
        ValueError: If the text is no molecule.

    Example:

    >>> import pytest
    >>> _ = pytest.importorskip("rdkit")
    >>> ethanol = molecule("CCO")
    >>> ethanol["node_features"].shape, ethanol["edge_index"].tolist()
    ((3, 29), [[0, 1], [1, 0], [1, 2], [2, 1]])

    Reference:
        Weininger, *SMILES, a chemical language and information system*, 1988.
    """
    try:
        from rdkit import Chem
        from rdkit import RDLogger
    except ImportError as error:
        raise ImportError(
            "Molecules are read with RDKit: pip install keras-nn[chem]"
        ) from error
    RDLogger.DisableLog("rdApp.*")  # else it prints what we raise
    found = Chem.MolFromSmiles(smiles.strip())
    if found is None or not found.GetNumAtoms():
        raise ValueError(
            f"`smiles` must be the SMILES text of a molecule. Received: "
            f"{smiles[:80]!r}"
        )
    bonds = list(found.GetBonds())
    ends = [(b.GetBeginAtomIdx(), b.GetEndAtomIdx()) for b in bonds]
    edges = [edge for a, b in ends for edge in ((a, b), (b, a))]
    features = [_bond(bond) for bond in bonds for _ in range(2)]
    return {
        "node_features": np.array(
            [_atom(atom) for atom in found.GetAtoms()], "float32"
        ),
        "edge_index": np.array(edges, "int32").reshape(-1, 2),
        "edge_features": np.array(features, "float32").reshape(
            -1, len(BONDS) + 3
        ),
    }


def _atom(atom):
    symbol = atom.GetSymbol()
    mixture = str(atom.GetHybridization())
    return [
        *(symbol == element for element in ELEMENTS),
        symbol not in ELEMENTS,
        *(min(atom.GetDegree(), 5) == n for n in range(6)),
        *(min(atom.GetTotalNumHs(), 4) == n for n in range(5)),
        *(mixture == name for name in HYBRIDIZATIONS),
        mixture not in HYBRIDIZATIONS,
        atom.GetFormalCharge(),
        atom.GetIsAromatic(),
        atom.IsInRing(),
        str(atom.GetChiralTag()) != "CHI_UNSPECIFIED",
    ]


def _bond(bond):
    kind = str(bond.GetBondType())
    return [
        *(kind == name for name in BONDS),
        bond.GetIsConjugated(),
        bond.IsInRing(),
        str(bond.GetStereo()) not in ("STEREONONE", "STEREOANY"),
    ]
