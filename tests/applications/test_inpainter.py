import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import Inpainter
from keras_nn.applications.picture_holes import drawn_holes
from keras_nn.layers import TimeEmbedding
from keras_nn.models import DenoisingMLP
from keras_nn.models import DenoisingUNet
from keras_nn.models import DiffusionModel
from keras_nn.schedules import CosineNoise
from keras_nn.testing import check_application


def network():
    inputs = {
        "noisy": keras.Input((4, 2, 1), name="noisy"),
        "times": keras.Input((), name="times"),
    }
    told = [
        keras.layers.Reshape((8,), name="flat")(inputs["noisy"]),
        TimeEmbedding(4, name="waves")(inputs["times"]),
    ]
    x = keras.layers.Concatenate(name="told")(told)
    x = keras.layers.Dense(32, "relu", name="hidden")(x)
    x = keras.layers.Dense(8, name="says")(x)
    x = keras.layers.Reshape((4, 2, 1), name="picture")(x)
    return keras.Model(inputs, x)


def arguments(**kwargs):
    model = DiffusionModel(network(), CosineNoise(100), "x0", clip=1.0)
    how = {"steps": 6, "resamplings": 2, "jump_length": 2}
    return {"generator": model, **how, **kwargs}


@pytest.mark.slow
def test_conformance(tmp_path):
    random = np.random.default_rng(0)
    x = {
        "pictures": random.integers(0, 256, (12, 4, 2, 1)).astype("float32"),
        "masks": drawn_holes(12, 4, 2)[..., None].astype("float32"),
    }
    check_application(Inpainter, arguments, x, epochs=20, replicas=False)


@pytest.fixture(scope="module")
def trained():
    """Knows flat pictures of every grey."""
    keras.utils.set_random_seed(0)
    app = Inpainter(**arguments(steps=20))
    app.compile(keras.optimizers.Adam(1e-2))
    grey = np.random.default_rng(0).integers(0, 256, (400, 1, 1, 1))
    flat = np.broadcast_to(grey, (400, 4, 2, 1)).astype("uint8")
    app.fit(data.Split(flat, np.zeros(400)), epochs=40, verbose=0)
    return app


def test_fills_with_what_fits_and_keeps_the_rest_exactly(trained):
    flat = np.stack([np.full((4, 2, 1), g, "uint8") for g in (20, 128, 230)])
    holes = drawn_holes(3, 4, 2, seed=1)
    damaged = np.where(holes[..., None], 77, flat).astype("uint8")
    filled = trained.fill(damaged, holes)
    for found, truth, hole in zip(filled, flat, holes, strict=True):
        np.testing.assert_array_equal(found[~hole], truth[~hole])
        assert np.abs(found[hole] - truth[hole].astype(int)).mean() < 45
    scores = trained.compare(flat)
    assert scores["hole_psnr"].mean() > 15
    assert scores["mean_fill_psnr"].min() > 48  # flat: the mean is right
    found = trained.evaluate(
        data.Split(flat, np.zeros(3)), verbose=0, return_dict=True
    )
    assert found["hole_psnr"] == pytest.approx(scores["hole_psnr"].mean())


def test_predicts_what_it_fills(trained):
    inputs = trained.example_inputs(3)
    said = trained.predict(inputs, verbose=0)
    holes = inputs["masks"] > 0
    np.testing.assert_array_equal(said[~holes], inputs["pictures"][~holes])
    assert np.abs(said[holes] - inputs["pictures"][holes]).max() > 1


def test_an_exported_application_fills_alike(trained, tmp_path):
    trained.export(tmp_path / "exported")  # compares
    assert (tmp_path / "exported" / "saved_model.pb").is_file()


def test_pictures_of_another_size_are_filled_at_that_of_the_model(trained):
    picture = np.full((12, 10, 1), 200, "uint8")
    picture[:2] = np.random.default_rng(0).integers(0, 256, (2, 10, 1))
    hole = np.zeros((12, 10))
    hole[7:10, 6:9] = 1
    (found,) = trained.fill([picture], [hole])
    np.testing.assert_array_equal(found[hole == 0], picture[hole == 0])
    assert found.dtype == "uint8" and found[hole == 1].mean() > 120


def test_instruments_show_masked_filled_and_original(trained, tmp_path):
    x = np.full((2, 4, 2, 1), 90, "uint8")
    names = [
        type(i).__name__
        for i in trained.inspectors(tmp_path, data.Split(x, np.zeros(2)))
    ]
    assert "PictureComparison" in names
    rows = trained.comparison(x, None)
    assert [c.split("\n")[0] for c, _ in rows[0]] == [
        "masked",
        "filled",
        "original",
    ]
    masked = rows[0][0][1]
    assert masked.shape == (4, 2, 3) and (masked == (96, 64, 160)).any()


def test_refuses_what_does_not_fit(trained):
    flat = np.zeros((1, 4, 2, 1), "uint8")
    hole = drawn_holes(1, 4, 2)
    for pictures, holes, message in (
        (flat, np.zeros((1, 4, 2)), "nothing of picture 0 is a hole"),
        (flat, np.ones((1, 4, 2)), "all of picture 0 is a hole"),
        (flat, hole * 0.5, "must be 1"),
        (flat, hole[:, :3], "must have the shape of the pictures"),
        (np.zeros((1, 4, 2, 3), "uint8"), hole, "pictures of 1 channels"),
        (flat, [], "a hole for each picture"),
        (flat.astype("float32"), hole, "must be uint8.*float32"),
        (np.full((1, 4, 2, 1), -1.0), hole, "from 0 to 255"),
    ):
        with pytest.raises(ValueError, match=message):
            trained.fill(pictures, holes)
    tall = np.zeros((40, 20, 1), "uint8")
    wide = np.ones((40, 20))
    wide[0, 0] = 0
    with pytest.raises(ValueError, match="nothing of the picture is known"):
        trained.fill([tall], [wide])
    with pytest.raises(ValueError, match="values from 0 to 255"):
        trained.fit(np.full((4, 4, 2, 1), 256.0), verbose=0)
    with pytest.raises(ValueError, match=r"of shape \(4, 2, 1\)"):
        trained.fit(np.zeros((4, 2, 2, 1)), verbose=0)


def test_refuses_models_that_it_cannot_use():
    small = {"filters": [4], "embedding_units": 4}
    asked = DenoisingUNet((4, 4, 1), num_classes=2, **small)
    with pytest.raises(ValueError, match="without classes"):
        Inpainter(DiffusionModel(asked, CosineNoise(), num_classes=2))
    points = DenoisingMLP((2,), units=4, depth=1, embedding_units=4)
    with pytest.raises(ValueError, match="must draw pictures"):
        Inpainter(DiffusionModel(points, CosineNoise()))
    with pytest.raises(ValueError, match="resamplings=0"):
        Inpainter(**arguments(resamplings=0))
