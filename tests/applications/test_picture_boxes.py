import json

import numpy as np
from PIL import Image

from keras_nn.applications.picture_boxes import placed
from keras_nn.applications.picture_boxes import read_boxes
from keras_nn.applications.picture_boxes import save_boxes
from keras_nn.data import Placement


def test_a_picture_of_the_right_size_is_not_touched():
    image = np.random.default_rng(0).integers(0, 256, (4, 6, 3), "uint8")
    np.testing.assert_array_equal(
        placed(image, Placement((4, 6), (4, 6))), image
    )
    grey = np.full((9, 9, 1), 7, "uint8")
    small = placed(grey, Placement((9, 9), (4, 6)))
    assert small.shape == (4, 6, 1) and (small == 7).all()
    padded = placed(grey, Placement((9, 9), (4, 6), True))
    assert padded.shape == (4, 6, 1)
    assert (padded[:, 1:5] == 7).all() and (padded[:, [0, 5]] == 114).all()


def test_the_format_is_told_from_the_files(tmp_path):
    for name in ("coco", "voc"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (8, 8)).save(tmp_path / name / "a.png")
    (tmp_path / "voc/a.xml").write_text(
        "<annotation><object><name>owl</name><bndbox><xmin>1</xmin><ymin>1"
        "</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></object></annotation>"
    )
    (tmp_path / "coco/a.json").write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": "a.png"}],
                "categories": [{"id": 1, "name": "owl"}],
                "annotations": [
                    {"image_id": 1, "category_id": 1, "bbox": [0, 0, 4, 4]}
                ],
            }
        )
    )
    how = {"validation_fraction": 0, "test_fraction": 0}
    for name in ("coco", "voc"):
        splits = read_boxes(tmp_path / name, **how)
        assert splits.train.y.tolist() == [[[0, 0, 4, 4, 0]]]


def test_a_picture_is_written_with_its_boxes(tmp_path):
    found = {
        "boxes": np.array([[2, 12, 30, 38]]),
        "labels": np.array([0]),
        "scores": np.array([0.8]),
    }
    root = tmp_path / "in"
    path = save_boxes(
        tmp_path / "out",
        root / "a.jpg",
        root,
        np.full((40, 40, 3), 100, "uint8"),
        found,
        ["owl"],
    )
    assert path.endswith("a_jpg_boxes.png")
    drawn = np.asarray(Image.open(path))
    assert drawn.shape == (40, 40, 3) and (drawn[12, 2:29] != 100).any()
