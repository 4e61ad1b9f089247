import warnings

import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageSegmenter
from keras_nn.applications import load
from keras_nn.layers import RandomDeformation
from keras_nn.models import UNet
from keras_nn.testing import check_application

NAMES = ("background", "shape")


def make(shape=(16, 16, 3), num_classes=4, **kwargs):
    network = UNet(False, input_shape=shape, filters=[4, 6])
    return ImageSegmenter(network, num_classes, **kwargs)


@pytest.mark.slow
def test_conformance():
    def arguments():
        pictures = keras.Input((4, 4, 1))
        features = keras.layers.Conv2D(4, 3, 2, "same")(pictures)
        network = keras.Model(pictures, features)
        return {"network": network, "num_classes": 3, "dice_weight": 0.5}

    masks = np.random.default_rng(0).integers(0, 3, (6, 4, 4))
    check_application(ImageSegmenter, arguments, (6, 4, 4, 1), masks)


@pytest.fixture(scope="module")
def shapes():
    drawn = data.draw_shapes(260, image_size=32, max_shapes=2, seed=0)
    return data.Split(drawn["images"], (drawn["masks"] > 0).astype("uint8"))


def after(epochs, shapes):
    keras.utils.set_random_seed(0)
    network = UNet(
        False,
        input_shape=(None, None, 3),
        filters=[8, 16, 32],
        batch_norm=True,
        upsampling="bilinear",
    )
    app = ImageSegmenter(
        network,
        2,
        class_names=NAMES,
        augmentation=RandomDeformation(flip=True),
    )
    app.compile(keras.optimizers.Adam(3e-3))
    app.fit(shapes, batch_size=10, epochs=epochs, verbose=0)
    return app


@pytest.fixture(scope="module")
def trained(shapes):
    return after(1, shapes[np.arange(20)])


@pytest.mark.slow
def test_learns_drawn_shapes(shapes):
    learnt = after(10, shapes[np.arange(200)])
    test = shapes[np.arange(200, 260)]
    result = learnt.evaluate(test, verbose=0, return_dict=True)
    assert result["foreground_iou"] > 0.65 and result["mean_iou"] > 0.75
    scores = learnt.example_scores(test)["pixel_accuracy"]
    assert scores.shape == (60,)
    assert scores.mean() == pytest.approx(result["pixel_accuracy"], abs=1e-5)


def test_a_saved_file_holds_everything_and_loads_without_a_warning(
    trained, shapes, tmp_path
):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    x = shapes.x[:4]
    np.testing.assert_array_equal(
        loaded.predict(x, verbose=0), trained.predict(x, verbose=0)
    )
    assert loaded.class_names == list(NAMES)
    assert loaded.augmentation.flip
    loaded.fit(x, shapes.y[:4], verbose=0)  # and goes on training


def test_own_pictures_are_measured_by_their_masks(trained, shapes, tmp_path):
    for side, arrays in (("images", shapes.x), ("masks", shapes.y)):
        (tmp_path / side).mkdir()
        for number in range(200, 210):
            Image.fromarray(arrays[number]).save(
                tmp_path / side / f"{number}.png"
            )
    settings = ImageSegmenter.default_settings()
    split = trained.read_test(tmp_path, settings)
    expected = trained.evaluate(shapes[np.arange(200, 210)], verbose=0)
    np.testing.assert_allclose(
        trained.evaluate(split, verbose=0), expected, rtol=1e-4
    )
    recipe = ImageSegmenter.recipes()[0]
    splits = ImageSegmenter.read_data(tmp_path, recipe, 0, settings)
    assert len(splits.train) == 8 and len(splits.test) == 1


def test_ignored_pixels_neither_teach_nor_count():
    app = make(preprocess=None)
    app.compile()
    x = np.random.default_rng(0).uniform(0, 1, (2, 16, 16, 3))
    y = np.full((2, 16, 16), 255, "uint8")
    y[:, :2] = 1
    before = app.get_weights()
    history = app.fit(x, np.full_like(y, 255), verbose=0)
    assert history.history["loss"] == [0]
    for a, b in zip(before, app.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    app.fit(x, y, verbose=0)
    assert app.example_scores(data.Split(x, y)) == {}


def test_a_mask_with_an_unknown_class_is_refused():
    app = make()
    app.compile()
    x, y = np.zeros((2, 16, 16, 3)), np.full((2, 16, 16), 4)
    with pytest.raises(ValueError, match=r"\[0, 3\] or equal 255.*: 4"):
        app.fit(x, y, verbose=0)
    split = data.Split(x.astype("uint8"), y.astype("uint8"))
    with pytest.raises(ValueError, match=r"\[0, 3\] or equal 255.*: 4"):
        app.fit(split, verbose=0)


@pytest.mark.parametrize("shape", [(16, 16, 1), (16, 16, 4), (16, 16)])
def test_refuses_pictures_of_other_channels(shape):
    app = make()
    app.compile()
    with pytest.raises(ValueError, match=r"16, 16, 3\).*shape"):
        app.fit(np.zeros((2, *shape)), np.zeros((2, 16, 16)), verbose=0)


def test_instruments_show_masks(shapes, tmp_path):
    app = make((32, 32, 3))
    names = [type(i).__name__ for i in app.inspectors(tmp_path, shapes)]
    assert "MaskOverlays" in names and "HParams" in names
    assert len(app.inspectors(tmp_path)) == len(names) - 1


def test_a_small_map_is_scaled_to_the_picture():
    pictures = keras.Input((16, 16, 3))
    small = keras.layers.Conv2D(5, 3, strides=4, padding="same")(pictures)
    app = ImageSegmenter(keras.Model(pictures, small), 2)
    assert app.output_shape == (None, 16, 16, 2)
    assert [m.name for m in app.default_metrics()][-1] == "foreground_iou"


def test_two_classes_and_names_that_fit_are_needed():
    with pytest.raises(ValueError, match="`num_classes` must be at least 2"):
        make(num_classes=1)
    with pytest.raises(ValueError, match="`class_names` must name every"):
        make(class_names=["a"])
    pictures = keras.Input((16, 16, 3))
    flat = keras.Model(pictures, keras.layers.Flatten()(pictures))
    with pytest.raises(ValueError, match="must end in one map"):
        ImageSegmenter(flat, 2)
    odd = keras.layers.Conv2D(2, 4)(pictures)
    with pytest.raises(ValueError, match="whole fraction"):
        ImageSegmenter(keras.Model(pictures, odd), 2)
