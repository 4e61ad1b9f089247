import json

import keras
import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_nn.applications import ObjectDetector
from keras_nn.data import Placement
from keras_nn.models import FCOS

NAMES = ["dark", "light"]


class Finder(keras.layers.Layer):
    """Says what is light and what is dark, at the four quarters."""

    def call(self, inputs):
        bright = ops.mean(ops.cast(inputs, "float32"), axis=-1)
        bright = ops.mean(ops.reshape(bright, (-1, 2, 8, 2, 8)), axis=(2, 4))
        bright = ops.reshape(bright, (-1, 4, 1)) / 16 - 8
        corners = [[i, j, i + 8, j + 8] for j in (0, 8) for i in (0, 8)]
        corners = ops.convert_to_tensor(corners, "float32")
        boxes = ops.zeros_like(bright) + corners
        centre = ops.zeros_like(bright) + 20
        return ops.concatenate([boxes, centre, -bright - 1, bright], axis=-1)


@pytest.fixture
def app():
    """A detector that needs no training."""
    images = keras.Input((16, 16, 3))
    maps = keras.layers.Conv2D(4, 3, 8, "same")(images)
    network = FCOS(
        keras.Model(images, maps, name="maps"),
        2,
        extra_levels=0,
        filters=4,
        depth=0,
    )
    app = ObjectDetector(network, class_names=NAMES, preprocess=None)
    finder = Finder()
    app.predict_on_batch = lambda x: finder(x)
    return app


def picture():
    """Light above on the left, dark below on the right, grey elsewhere."""
    found = np.full((16, 16, 3), 120, "uint8")
    found[:8, :8], found[8:, 8:] = 250, 5
    return found


def test_boxes_are_in_the_pixels_of_each_picture(app):
    large = picture().repeat(3, axis=0).repeat(2, axis=1)  # 48 rows
    small, again = app.predict_boxes([picture(), large], 0.9)
    assert small["labels"].tolist() == again["labels"].tolist() == [1, 0]
    assert small["boxes"].tolist() == [[0, 0, 8, 8], [8, 8, 16, 16]]
    assert again["boxes"].tolist() == [[0, 0, 16, 24], [16, 24, 32, 48]]
    assert (np.diff(small["scores"]) <= 0).all()
    (all_of_them,) = app.predict_boxes([picture()])
    assert len(all_of_them["boxes"]) > 2  # from 0.05 on
    assert app.predict_boxes([]) == []


def test_padded_pictures_have_boxes_in_their_own_pixels(app, tmp_path):
    app.letterbox = True
    # 48 rows, 96 columns: the middle 8 of 16 rows, by a sixth.
    wide = np.full((48, 96, 3), 120, "uint8")
    wide[:, :48] = 250  # light reaches from row 4 to row 12 of the frame
    (found,) = app.predict_boxes([wide])
    light = found["boxes"][found["labels"] == 1][:2]
    assert sorted(light.tolist()) == [[0, 0, 48, 24], [0, 24, 48, 48]]
    Image.fromarray(wide).save(tmp_path / "a.png")
    rows = app.predict_path(tmp_path, folder=tmp_path / "out")
    listed = [[r["x_min"], r["y_min"], r["x_max"], r["y_max"]]
              for r in rows if r["label"] == "light"][:2]  # fmt: skip
    assert sorted(listed) == sorted(light.tolist())
    # What lies in the padding alone is no object.
    place = Placement((4, 16), (16, 16), True)
    assert place.undo([0, 0, 16, 6]).tolist() == [0, 0, 16, 0]


def test_files_are_written_and_boxes_listed(app, tmp_path):
    folder = tmp_path / "in" / "inner"
    folder.mkdir(parents=True)
    Image.fromarray(picture()).save(folder / "a.png")
    Image.fromarray(picture()).convert("RGBA").save(folder / "alpha.png")
    Image.fromarray(picture()).convert("L").save(folder / "grey.png")
    Image.new("RGB", (50, 20), (120, 120, 120)).save(folder / "nothing.png")
    rows = app.predict_path(
        tmp_path / "in", folder=tmp_path / "out", score_threshold=0.9
    )
    assert len(rows) == 3 * 2 + 1
    assert [row["label"] for row in rows[:2]] == ["light", "dark"]
    assert [rows[1][s] for s in ("x_min", "y_min", "x_max", "y_max")] == [
        8,
        8,
        16,
        16,
    ]
    assert "inner" in rows[0]["picture"]
    assert Image.open(rows[0]["picture"]).size == (16, 16)
    (none,) = [row for row in rows if "nothing" in row["file"]]
    assert none["label"] == "" and none["x_min"] is None
    json.dumps(rows)


def test_a_file_that_is_no_picture_is_named(app, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="1 unreadable of 1.*broken.png"):
        app.predict_path(tmp_path)


@pytest.mark.parametrize("shape", [(16, 16, 1), (16, 16, 4), (16, 16)])
def test_refuses_pictures_of_other_channels(app, shape):
    with pytest.raises(ValueError, match="3 channels.*Received"):
        app.predict_boxes(np.zeros((1, *shape)))
