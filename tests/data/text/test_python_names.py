import pytest

from keras_nn.data.text import python_names
from keras_nn.metrics import entities


@pytest.fixture(scope="module")
def splits():
    return python_names.python_names()


def spans(splits, part, index):
    split = getattr(splits, part)
    tags = [splits.class_names[tag] for tag in split.y[index]]
    return [
        (kind, " ".join(split.x[index][start:stop]))
        for kind, start, stop in entities(tags)
    ]


def test_the_first_lines_of_argparse(splits):
    assert splits.class_names[0] == "O"
    found = [spans(splits, "train", index) for index in range(40)]
    assert [("module", "os")] in found
    assert [("definition", "_AttributeHolder")] in found
    assert any(("call", "' . join") not in line for line in found)


def test_parts_are_of_other_lines_and_all_hold_names(splits):
    lines = [
        {" ".join(words) for words in getattr(splits, part).x}
        for part in ("train", "validation", "test")
    ]
    assert len(lines[0]) > 3000 and len(lines[2]) > 400
    assert len(lines[0] & lines[2]) < 10  # blanks may differ
    held = [bool(spans(splits, "test", i)) for i in range(len(splits.test))]
    assert 0.4 < sum(held) / len(held) < 0.9


def test_what_names_are_for():
    lines = [
        "import os.path as p, sys",
        "from xml.dom import minidom",
        "async def go(self, *, way=dict(a=1)): pass",
        "x = os.path.join(f().g(), y)",
    ]
    found = set()
    for node in python_names.ast.walk(python_names.ast.parse("\n".join(lines))):
        for line, column, length, kind in python_names._names(node, lines):
            found.add((kind, lines[line - 1][column : column + length]))
    assert found == {
        ("module", "os.path"),
        ("module", "sys"),
        ("module", "xml.dom"),
        ("definition", "go"),
        ("argument", "self"),
        ("argument", "way"),
        ("call", "dict"),
        ("call", "os.path.join"),
        ("call", "f"),
    }


def test_it_is_not_read_from_a_folder(tmp_path):
    with pytest.raises(ValueError, match="Received: path="):
        python_names.python_names(tmp_path)
