import numpy as np
import pytest

from keras_nn.data.from_csv import from_csv
from keras_nn.data.from_csv import read_table


def written(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_classes_are_texts_or_whole_numbers_and_keep_their_shares(tmp_path):
    rows = "".join(f"{i},{i / 2},{10 if i % 2 else 9}\n" for i in range(40))
    splits = from_csv(written(tmp_path, "a,b,kind\n" + rows), "kind")
    assert splits.class_names == ("9", "10")
    assert np.bincount(splits.test.y).tolist() == [2, 2]
    assert [len(p) for p in (splits.train, splits.validation)] == [32, 4]
    np.testing.assert_allclose(splits.train.x[:, 0], 2 * splits.train.x[:, 1])
    np.testing.assert_array_equal(splits.train.x[:, 0] % 2, splits.train.y)


def test_numbers_are_targets_and_no_target_is_zeros(tmp_path):
    path = written(tmp_path, "a,b\n" + "1,0.5\n2,1.5\n" * 10)
    splits = from_csv(path, "b")
    assert splits.class_names is None and splits.train.y.dtype == "float32"
    alone = from_csv(path)
    assert alone.train.shape == (2,) and not alone.train.y.any()
    assert alone.feature_names == ("a", "b")


@pytest.mark.parametrize(
    "text, message",
    [
        ("a,b\n1,x\n", "line 2, column 'b' must hold a finite.*'x'"),
        ("a,b\n1,2\n\n1,nan\n", "line 4, column 'b'.*'nan'"),
        ("a,b\n1\n", "line 2 must have 2 columns.*Received: 1"),
        ("a,b\n", "0 rows of 2 columns"),
        ("", "0 rows of 0 columns"),
    ],
)
def test_says_where_a_table_is_wrong(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_table(written(tmp_path, text))


def test_refuses_absent_files_and_columns(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file"):
        read_table(tmp_path / "b.csv")
    with pytest.raises(ValueError, match="must have a column 'z'"):
        read_table(written(tmp_path, "a\n1\n"), "z")
