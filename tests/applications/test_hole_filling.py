import numpy as np
import pytest
from PIL import Image

from keras_nn.applications.hole_filling import HoleFilling
from keras_nn.applications.picture_holes import box_hole


def save(path, shape, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(shape, value, "uint8")).save(path)


class Blackens(HoleFilling):
    """Fills every hole with black."""

    picture_shape = (6, 5, 1)

    def color_mode(self):
        return "grayscale"

    def fill_exact(self, pictures, holes, seed):
        return np.zeros_like(pictures)


def test_filled_pictures_are_written(tmp_path):
    save(tmp_path / "in" / "a.png", (12, 10), 90)
    save(tmp_path / "in" / "b.png", (6, 5), 30)
    rows = Blackens().predict_path(
        tmp_path / "in", folder=tmp_path / "out", box=(1, 2, 4, 5)
    )
    assert [row["hole"] for row in rows] == [0.075, 0.3]
    for row, value, shape in zip(
        rows, (90, 30), ((12, 10), (6, 5)), strict=True
    ):
        written = np.asarray(Image.open(row["filled"]))
        assert written.shape == shape
        hole = box_hole((1, 2, 4, 5), *shape)
        assert (written[~hole] == value).all() and not written[hole].any()


def test_an_error_names_the_file(tmp_path):
    pixels = np.zeros((6, 5, 4), "uint8")
    Image.fromarray(pixels).save(tmp_path / "all.png")
    with pytest.raises(ValueError, match="all of picture 0.*all.png"):
        Blackens().predict_path(tmp_path, folder=tmp_path / "out")
