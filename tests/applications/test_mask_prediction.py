import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageSegmenter
from keras_nn.models import UNet

NAMES = ("background", "shape")


@pytest.fixture(scope="module")
def shapes():
    drawn = data.draw_shapes(120, image_size=32, max_shapes=2, seed=0)
    return data.Split(drawn["images"], (drawn["masks"] > 0).astype("uint8"))


@pytest.fixture(scope="module")
def app(shapes):
    network = UNet(
        False,
        input_shape=(None, None, 3),
        filters=[8, 16],
        batch_norm=True,
        upsampling="bilinear",
    )
    app = ImageSegmenter(network, 2, class_names=NAMES)
    app.compile("adam")
    app.fit(shapes[np.arange(100)], batch_size=10, epochs=8, verbose=0)
    return app


@pytest.mark.slow
def test_pictures_of_any_size_are_looked_at_in_tiles(app, shapes):
    whole = app.predict(shapes.x[:1], verbose=0)[0]
    np.testing.assert_allclose(app.predict_tiled(shapes.x[0]), whole, atol=1e-5)
    wide = np.concatenate([shapes.x[100], shapes.x[101]], axis=1)[:30, :61]
    app.tile = 32
    masks = app.predict_masks([wide, shapes.x[102]])
    assert [m.shape for m in masks] == [(30, 61), (32, 32)]
    whole = [app.predict_masks([x])[0] for x in shapes.x[100:102]]
    whole = np.concatenate(whole, axis=1)[:30, :61]
    both, either = masks[0] * whole, masks[0] + whole > 0
    assert both.sum() > 0.5 * either.sum()


@pytest.mark.slow
def test_files_are_written_and_name_their_classes(app, shapes, tmp_path):
    folder = tmp_path / "in" / "inner"
    folder.mkdir(parents=True)
    Image.fromarray(shapes.x[0]).save(folder / "a.png")
    Image.fromarray(shapes.x[0]).convert("LA").save(folder / "grey.png")
    rows = app.predict_path(tmp_path / "in", folder=tmp_path / "out")
    assert [row["file"][-5:] for row in rows] == ["a.png", "y.png"]
    mask = np.asarray(Image.open(rows[0]["mask"]))
    np.testing.assert_array_equal(mask, app.predict_masks(shapes.x[:1])[0])
    assert "inner" in rows[0]["mask"]
    assert Image.open(rows[0]["overlay"]).size == (32, 32)
    shares = [rows[0][f"share of {n}"] for n in NAMES]
    assert sum(shares) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("shape", [(16, 16, 1), (16, 16, 4), (16, 16)])
def test_refuses_pictures_of_other_channels(app, shape):
    with pytest.raises(ValueError, match="takes pictures of 3 channels"):
        app.predict_masks(np.zeros((1, *shape)))


def test_files_have_one_or_three_channels():
    two = ImageSegmenter(UNet(False, input_shape=(8, 8, 2), filters=[2, 2]), 2)
    with pytest.raises(ValueError, match="Received: 2 channels"):
        two.color_mode()


def test_several_looks_write_a_map_of_doubt(app, shapes, tmp_path):
    app.tile, app.views, app.predict_function = None, 2, None
    Image.fromarray(shapes.x[0]).save(tmp_path / "a.png")
    (row,) = app.predict_path(tmp_path / "a.png", folder=tmp_path / "out")
    (seen,) = app.predict_uncertainty(shapes.x[:1])
    shades = np.asarray(Image.open(row["uncertainty"]))
    np.testing.assert_allclose(shades, seen["entropy"] * 255, atol=0.6)
    assert row["mean entropy"] == pytest.approx(
        seen["entropy"].mean(), abs=1e-5
    )
    np.testing.assert_array_equal(Image.open(row["mask"]), seen["mask"])
