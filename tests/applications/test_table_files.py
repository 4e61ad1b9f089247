import numpy as np
import pytest

from keras_nn.applications.table_files import read_rows
from keras_nn.applications.table_files import write_rows


def test_columns_are_put_in_the_order_that_was_learnt(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("b,kind,a\n1,x,2\n3,y,4\n")
    rows = read_rows(path, ["a", "b"], 2, {"target": "kind"})
    assert rows.tolist() == [[2, 1], [4, 3]]
    with pytest.raises(ValueError, match=r"without \['c'\]"):
        read_rows(path, ["a", "c"], 2, {"target": "kind"})
    with pytest.raises(ValueError, match="must have 3 columns"):
        read_rows(path, None, 3, {"target": "kind"})


def test_what_is_written_is_read(tmp_path):
    rows = np.array([[1.5, -2], [0.25, 1e6]], "float32")
    write_rows(tmp_path / "a.csv", rows)
    np.testing.assert_allclose(
        read_rows(tmp_path / "a.csv", ["x0", "x1"], 2), rows
    )
