import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import StyleTransfer
from keras_nn.applications import load
from keras_nn.models import VGG
from keras_nn.models import PerceptualTransfer
from keras_nn.models import TransformNetwork
from keras_nn.testing import check_application

STYLE = np.random.default_rng(0).integers(0, 256, (16, 16, 3), "uint8")
CHINA = data.photograph("china")


def small_features():
    vgg = VGG(
        False,
        input_shape=(None, None, 3),
        num_convs=[1, 1],
        num_filters=[4, 4],
    )
    return vgg.features(["block1_conv1", "block2_conv1"])


def make(shape=(None, None, 3), **weights):
    network = TransformNetwork(shape, filters=4, num_blocks=1)
    return StyleTransfer(
        PerceptualTransfer(network, small_features(), STYLE, **weights)
    )


@pytest.mark.slow
def test_conformance():
    def arguments():
        pictures = keras.Input((8, 8, 3))
        drawn = keras.layers.Conv2D(3, 3, padding="same")(pictures)
        network = keras.Model(pictures, drawn)
        features = small_features()
        return {"generator": PerceptualTransfer(network, features, STYLE)}

    x = np.random.default_rng(0).uniform(0, 255, (6, 8, 8, 3))
    check_application(StyleTransfer, arguments, x)


@pytest.mark.slow
def test_learns_the_style_through_fit_and_keeps_it(tmp_path):
    keras.utils.set_random_seed(0)
    app = make(style_weight=5.0)
    app.compile(keras.optimizers.Adam(3e-3))
    squares = data.load("photographs").train
    history = app.fit(squares.take(24), batch_size=8, epochs=6, verbose=0)
    style = history.history["style"]
    assert style[-1] < 0.5 * style[0]
    app.save(tmp_path / "a.keras")
    loaded = load(tmp_path / "a.keras")
    picture = CHINA[:50, :39]  # multiples of nothing
    (drawn,) = app.stylize([picture])
    assert drawn.shape == picture.shape and drawn.dtype == np.uint8
    np.testing.assert_array_equal(loaded.stylize([picture])[0], drawn)
    np.testing.assert_array_equal(loaded.generator.style, STYLE)
    assert not loaded.generator.features.trainable_variables
    counts = [len(a.trainable_variables) for a in (app, loaded)]
    assert counts[0] == counts[1]
    parts = [a.evaluate(squares.take(4), verbose=0) for a in (app, loaded)]
    np.testing.assert_allclose(*parts, rtol=1e-5)


def test_files_are_redrawn(tmp_path):
    app = make()
    Image.fromarray(CHINA[:20, :30]).save(tmp_path / "a.png")
    (row,) = app.predict_path(tmp_path, folder=tmp_path / "out")
    written = np.asarray(Image.open(row["styled"]))
    np.testing.assert_array_equal(written, app.stylize([CHINA[:20, :30]])[0])


def test_files_are_optimised_one_by_one_where_steps_are_given(tmp_path):
    app = make()
    Image.fromarray(CHINA[:16, :20]).save(tmp_path / "a.png")
    (row,) = app.predict_path(tmp_path, folder=tmp_path / "out", steps=3)
    assert row["last loss"] < row["first loss"]
    drawn, _ = app.optimize(CHINA[:16, :20], steps=3)
    np.testing.assert_array_equal(np.asarray(Image.open(row["styled"])), drawn)


def test_instruments_compare_pictures(tmp_path):
    app = make()
    squares = data.load("photographs").validation
    names = [type(i).__name__ for i in app.inspectors(tmp_path, squares)]
    assert "PictureComparison" in names
    (row,) = app.comparison(CHINA[None, :16, :16], None)
    assert [caption for caption, _ in row] == ["content", "redrawn", "style"]


def test_refuses_what_it_cannot_redraw():
    app = make()
    for shape in ((8, 20, 3), (20, 20, 1)):
        with pytest.raises(ValueError, match="3 channels and be at least 16"):
            app.stylize([np.zeros(shape)])
