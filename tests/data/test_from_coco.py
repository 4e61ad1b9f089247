import json

import pytest
from PIL import Image

from keras_nn.data import from_coco


def content(names, categories=("cat", "dog"), **note):
    """A file of one box a picture, of the first category."""
    return {
        "images": [
            {"id": 7 + i, "file_name": name, "height": 20, "width": 30}
            for i, name in enumerate(names)
        ],
        "categories": [
            {"id": 90 - i, "name": name} for i, name in enumerate(categories)
        ],
        "annotations": [
            {
                "image_id": 7 + i,
                "category_id": 90,
                "bbox": [3, 4, 10, 8],
                **note,
            }
            for i in range(len(names))
        ],
    }


def pictures(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.new("RGB", (30, 20)).save(folder / name)


def write(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))


def test_a_single_file_is_split_at_random(tmp_path):
    names = [f"{i}.png" for i in range(10)]
    pictures(tmp_path / "images", names)
    write(tmp_path / "all.json", content(names))
    splits = from_coco(tmp_path / "all.json", image_size=(10, 15))
    assert (len(splits.train), len(splits.test)) == (8, 1)
    # Ordered by id, whatever the order in the file; scaled by a half.
    assert splits.class_names == ("dog", "cat")
    assert splits.train.y[0].tolist() == [[1.5, 2, 6.5, 6, 1]]


def test_the_layout_of_coco_and_that_of_exports(tmp_path):
    first, second = tmp_path / "coco", tmp_path / "export"
    for part in ("train2017", "val2017"):
        pictures(first / part, ["a.png", "b.png"])
        write(
            first / "annotations" / f"instances_{part}.json",
            content(["a.png", "b.png"]),
        )
    for part in ("train", "valid", "test"):
        pictures(second / part, ["a.png"])
        write(second / part / "_annotations.coco.json", content(["a.png"]))
    splits = from_coco(first, test_fraction=0.5)
    assert len(splits.validation) == 2 and len(splits.test) == 1
    assert "/val2017/" in str(splits.validation.x[0])
    splits = from_coco(second)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [1, 1, 1]
    assert "valid/" in str(splits.validation.x[0])


def test_pictures_without_boxes_stay_and_crowds_do_not_count(tmp_path):
    pictures(tmp_path, ["a.png"])
    write(tmp_path / "x.json", content(["a.png"], iscrowd=1))
    splits = from_coco(tmp_path, validation_fraction=0, test_fraction=0)
    assert splits.train.y.tolist() == [[[0, 0, 0, 0, -1]]]


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ({"bbox": [3, 4, 0, 8]}, r"must have an area.*x\.json"),
        ({"bbox": [3, 4, 5]}, r"`bbox` of four numbers.*x\.json"),
        ({"category_id": 4}, r"category_id=4 in .*x\.json"),
        ({"image_id": 99}, r"image_id=99.* in .*x\.json"),
    ],
)
def test_what_is_wrong_with_a_box_is_said(tmp_path, note, message):
    pictures(tmp_path, ["a.png"])
    write(tmp_path / "x.json", content(["a.png"], **note))
    with pytest.raises(ValueError, match=message):
        from_coco(tmp_path)


def test_degenerate_boxes_are_left_out_if_asked(tmp_path):
    pictures(tmp_path, ["a.png"])
    write(tmp_path / "x.json", content(["a.png"], bbox=[3, 4, 0, 8]))
    splits = from_coco(
        tmp_path, degenerate="drop", validation_fraction=0, test_fraction=0
    )
    assert (splits.train.y[..., 4] == -1).all()
    assert "1 boxes without area" in splits.description


def test_what_is_wrong_with_a_file_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no/such"):
        from_coco("no/such")
    with pytest.raises(ValueError, match="a folder without one"):
        from_coco(tmp_path)
    (tmp_path / "x.json").write_text('{"images": [')
    with pytest.raises(ValueError, match=r"Not an annotation file.*x\.json"):
        from_coco(tmp_path)
    write(tmp_path / "x.json", content(["a.png"]))
    with pytest.raises(ValueError, match=r"'a\.png' in .*x\.json"):
        from_coco(tmp_path)
    write(tmp_path / "y.json", content(["a.png"]))
    with pytest.raises(ValueError, match="which part it is"):
        from_coco(tmp_path)


def test_categories_of_parts_must_agree(tmp_path):
    pictures(tmp_path, ["a.png"])
    write(tmp_path / "train.json", content(["a.png"]))
    write(tmp_path / "test.json", content(["a.png"], ("cat", "owl")))
    with pytest.raises(ValueError, match="same categories.*owl, cat"):
        from_coco(tmp_path)
