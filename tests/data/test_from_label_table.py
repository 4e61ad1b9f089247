import json

import pytest
from PIL import Image

from keras_nn.data import from_label_table


def pictures(folder, names="abcd"):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.new("RGB", (9, 6)).save(folder / f"{name}.png")


WHOLE = {"validation_fraction": 0, "test_fraction": 0}


def test_a_table_beside_a_folder_of_pictures(tmp_path):
    pictures(tmp_path / "images")
    table = tmp_path / "labels.csv"
    table.write_text("file,tags\na,cat dog\nb,\nc.png,dog\nd,cat\n")
    splits = from_label_table(table, **WHOLE)
    assert splits.class_names == ("cat", "dog")
    assert splits.train.y.tolist() == [[1, 1], [0, 0], [0, 1], [1, 0]]
    assert splits.train.shape == (6, 9, 3)
    assert splits.train.arrays()[0].shape == (4, 6, 9, 3)
    assert "1 labels a picture" in splits.description
    parts = from_label_table(
        tmp_path, validation_fraction=0.25, test_fraction=0
    )
    assert len(parts.validation) == 1 and len(parts.train) == 3
    # Measured by the labels of a model, in its order.
    known = from_label_table(table, class_names=["dog", "owl", "cat"], **WHOLE)
    assert known.train.y[0].tolist() == [1, 0, 1]


def test_parts_with_a_table_each_as_exports_have_them(tmp_path):
    for part in ("train", "valid", "test"):
        pictures(tmp_path / part)
        (tmp_path / part / "_classes.csv").write_text(
            "filename, cat, dog\na.png, 1, 0\nb.png, 0, 1\n"
        )
    splits = from_label_table(tmp_path)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [2, 2, 2]
    assert "/valid/" in str(splits.validation.x[0])
    assert splits.class_names == ("cat", "dog")


def test_the_categories_of_coco_are_labels(tmp_path):
    pictures(tmp_path)
    content = {
        "images": [
            {"id": i, "file_name": f"{name}.png"} for i, name in enumerate("ab")
        ],
        "categories": [{"id": 7, "name": "owl"}, {"id": 2, "name": "fox"}],
        "annotations": [
            {"image_id": 0, "category_id": 7, "bbox": [1, 1, 2, 0]},
            {"image_id": 0, "category_id": 7, "bbox": [1, 1, 2, 2]},
        ],
    }
    (tmp_path / "x.json").write_text(json.dumps(content))
    splits = from_label_table(tmp_path, **WHOLE)
    assert splits.class_names == ("fox", "owl")
    assert splits.train.y.tolist() == [[0, 1], [0, 0]]


def test_what_is_wrong_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no/such"):
        from_label_table("no/such")
    with pytest.raises(ValueError, match="a CSV file of file names"):
        from_label_table(tmp_path)
    table = tmp_path / "labels.csv"
    table.write_text("file,tags\na,cat\nzzz,dog\n")
    pictures(tmp_path)
    with pytest.raises(ValueError, match="1 of 2 names in .*labels.csv.* zzz"):
        from_label_table(tmp_path)
    table.write_text("file,tags\na,cat\nb,dog\n")
    with pytest.raises(ValueError, match="labels are cat. Received: dog"):
        from_label_table(table, class_names=["cat"])
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"(?s)unreadable of 2.*b\.png"):
        from_label_table(table)
    with pytest.warns(UserWarning, match="Skipped 1 unreadable"):
        assert len(from_label_table(table, on_error="skip", **WHOLE).train) == 1
    with pytest.raises(ValueError, match="on_error='never'"):
        from_label_table(table, on_error="never")
    (tmp_path / "more.csv").write_text("file,tags\na,cat\n")
    with pytest.raises(ValueError, match="which part it is"):
        from_label_table(tmp_path)
