import pytest
from PIL import Image

from keras_nn.data import from_voc
from keras_nn.data import is_voc_folder

OBJECT = (
    "<object><name>{}</name><difficult>{}</difficult><bndbox><xmin>{}</xmin>"
    "<ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"
)


def note(file, *objects, size=(20, 30), picture="?.png"):
    file.parent.mkdir(parents=True, exist_ok=True)
    height, width = size
    file.write_text(
        f"<annotation><filename>{picture}</filename><size><width>{width}"
        f"</width><height>{height}</height></size>"
        + "".join(OBJECT.format(*one) for one in objects)
        + "</annotation>"
    )


def voc(root, count=4):
    (root / "JPEGImages").mkdir(parents=True)
    for number in range(count):
        Image.new("RGB", (30, 20)).save(root / f"JPEGImages/{number}.png")
        note(root / f"Annotations/{number}.xml", ("owl", 0, 4, 5, 13, 12))
    return root


def test_parts_are_those_of_the_lists(tmp_path):
    root = voc(tmp_path / "VOC2012")
    lists = root / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    for part, names in (("train", "0\n2 1\n"), ("val", "1\n"), ("test", "3")):
        (lists / f"{part}.txt").write_text(names)
    splits = from_voc(tmp_path)  # the folder around it
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [2, 1, 1]
    # From the first pixel that is counted from 1 to the last one.
    assert splits.test.y.tolist() == [[[3, 4, 13, 12, 0]]]
    assert splits.class_names == ("owl",) and splits.name == "VOC2012"


def test_parts_that_are_not_listed_are_drawn(tmp_path):
    splits = from_voc(voc(tmp_path / "a"), None, 0, 0.25)
    assert len(splits.train) == 3 and len(splits.test) == 1


def test_files_beside_the_pictures(tmp_path):
    for part in ("train", "test"):
        note(tmp_path / part / "a.xml", ("owl", 0, 4, 5, 13, 12))
        Image.new("L", (30, 20)).save(tmp_path / part / "a.JPG", "jpeg")
    splits = from_voc(tmp_path, validation_fraction=0)
    assert len(splits.train) == len(splits.test) == 1
    assert splits.train.shape == (20, 30, 1)
    assert is_voc_folder(tmp_path) and not is_voc_folder(tmp_path / "none")


def test_empty_pictures_stay_and_difficult_objects_do_not_count(tmp_path):
    root = voc(tmp_path / "a", 1)
    note(root / "Annotations/0.xml", ("cat", 1, 4, 5, 13, 12))
    splits = from_voc(root, validation_fraction=0, test_fraction=0)
    assert splits.train.y.tolist() == [[[0, 0, 0, 0, -1]]]


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ([("owl", 0, 4, 5, 4, 12)], r"must have an area.*0\.xml"),
        ([("owl", 0, 4, 5, "x", 12)], r"`bndbox` of the numbers.*0\.xml"),
        ([("", 0, 4, 5, 13, 12)], r"needs a `name`.*0\.xml"),
    ],
)
def test_what_is_wrong_with_a_box_is_said(tmp_path, objects, message):
    root = voc(tmp_path / "a", 1)
    note(root / "Annotations/0.xml", *objects)
    with pytest.raises(ValueError, match=message):
        from_voc(root)


def test_what_is_wrong_with_a_file_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no/such"):
        from_voc("no/such")
    with pytest.raises(ValueError, match="with neither"):
        from_voc(tmp_path)
    root = voc(tmp_path / "a", 2)
    note(root / "Annotations/0.xml", size=(30, 20))
    with pytest.raises(ValueError, match=r"0\.xml for 30x20.*of 20x30"):
        from_voc(root)
    (root / "Annotations/0.xml").write_text("<annotation><object>")
    with pytest.raises(ValueError, match=r"Not a readable annot.*0\.xml"):
        from_voc(root)
    (root / "Annotations/0.xml").unlink()
    (root / "JPEGImages/1.png").unlink()
    with pytest.raises(ValueError, match=r"needs its picture.*1\.xml"):
        from_voc(root)
    (root / "ImageSets/Main").mkdir(parents=True)
    (root / "ImageSets/Main/train.txt").write_text("0\n")
    with pytest.raises(ValueError, match=r"'0' in .*train\.txt without"):
        from_voc(root)
