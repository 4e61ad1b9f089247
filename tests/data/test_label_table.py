import pytest

from keras_nn.data.label_table import label_matrix
from keras_nn.data.label_table import read_label_table


@pytest.fixture
def table(tmp_path):
    def write(text):
        file = tmp_path / "t.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize(
    "text",
    [
        "f,l\na,x y\nb,\nc,y\n",
        "f,l\na,x|y\n\nb,\nc,y\n",
        'f,l\na,"x, y"\nb,\nc,y\n',
        "\ufefff,x,y\na,1,1\nb,0,0\nc,0,1\n",
        "f,x,y\na,True,1.0\nb,0.0,false\nc,0,1\n",
    ],
)
def test_both_forms_of_a_table(table, text):
    names, labels, known = read_label_table(table(text))
    assert names == ["a", "b", "c"]
    assert labels == [{"x", "y"}, set(), {"y"}]
    assert known == ["x", "y"]
    rows = label_matrix(labels, ["y", "z", "x"])
    assert rows.tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_labels_with_blanks_are_divided_by_a_bar(table):
    _, labels, known = read_label_table(table("f,l\na,red car|dog\n"))
    assert labels == [{"red car", "dog"}] and known == ["dog", "red car"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a row of column names"),
        ("f,l\n", "0 rows"),
        ("f\na\n", "columns"),
        ("f,x,x\na,0,1\n", "must differ"),
        ("f,x,y\na,0\n", r"2 .*t\.csv|3 cells.*row 2"),
        ("f,x,y\na,0,1\nb,0,-1\n", "'-1' in column 'y', row 3"),
        ("f,x,y\na,0,1\na,0,1\n", "several of a "),
    ],
)
def test_what_is_wrong_with_a_table_is_said(table, text, message):
    with pytest.raises(ValueError, match=message):
        read_label_table(table(text))
    with pytest.raises(ValueError, match="The labels are x. Received: y in s"):
        label_matrix([{"y"}], ["x"], "s")
