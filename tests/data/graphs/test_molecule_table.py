import pytest

from keras_nn.data.graphs import read_molecules

pytest.importorskip("rdkit")


def test_a_table_says_which_line_is_wrong(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("smiles,y\nCCO,1\nC(,2\n")
    with pytest.raises(ValueError, match=r"line 3 .* Received: 'C\('"):
        read_molecules(path)
    path.write_text("smiles,y\nCCO,nan\n")
    with pytest.raises(ValueError, match="line 2 .* Received: 'CCO', 'nan'"):
        read_molecules(path)
    path.write_text("text,y\nCCO,1\n")
    with pytest.raises(ValueError, match=r"Received: \['text', 'y'\]"):
        read_molecules(path)
    path.write_text("smiles,y,z\nCCO,1,2\n")
    assert read_molecules(path).y.tolist() == [[2.0]]
    assert read_molecules(path, target="y").y.tolist() == [[1.0]]
