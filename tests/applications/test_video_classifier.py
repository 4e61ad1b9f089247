import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import VideoClassifier
from keras_nn.applications import load
from keras_nn.models import ResNet3D
from keras_nn.testing import check_application


def small(shape=(4, 12, 12, 1), filters=(4, 6)):
    return ResNet3D(
        False,
        input_shape=shape,
        pooling="avg",
        kinds=("3d",) * len(filters),
        stem_stride=1,
        num_blocks=(1,) * len(filters),
        num_filters=filters,
    )


@pytest.mark.slow
def test_conformance():
    def arguments():
        clips = keras.Input((3, 6, 6, 1))
        maps = keras.layers.Conv3D(4, 3, activation="relu")(clips)
        return {"backbone": keras.Model(clips, maps), "num_classes": 3}

    x = np.random.default_rng(0).normal(size=(6, 3, 6, 6, 1))
    check_application(VideoClassifier, arguments, x, np.arange(6) % 3)


def after(epochs, count):
    """Tells right from left in clips of four frames of 12x12."""
    keras.utils.set_random_seed(0)
    drawn = data.draw_moving_shapes(2240, frames=4, image_size=12)
    chosen = np.flatnonzero(drawn["labels"] < 2)
    split = data.Split(drawn["clips"][chosen], drawn["labels"][chosen])
    app = VideoClassifier(small(), 2, class_names=["right", "left"])
    app.compile(keras.optimizers.Adam(1e-2))
    some = split[np.arange(count)]
    app.fit(some, epochs=epochs, batch_size=16, verbose=0)
    return app, split[np.arange(480, 560)]


@pytest.fixture(scope="module")
def trained():
    return after(1, 16)


@pytest.mark.slow
def test_learns_motions():
    app, test = after(8, 480)
    found = app.evaluate(test, verbose=0, return_dict=True)
    assert found["accuracy"] > 0.7
    backwards = data.Split(test.x[:, ::-1], test.y ^ 1)  # right is left
    found = app.evaluate(backwards, verbose=0, return_dict=True)
    assert found["accuracy"] > 0.7
    scores = app.example_scores(test)["accuracy"]
    assert scores.shape == (80,)


def test_a_saved_file_predicts_clips_of_a_folder(trained, tmp_path):
    app, test = trained
    app.save(tmp_path / "a.keras")
    loaded = load(tmp_path / "a.keras")
    for name in app.class_names:
        (tmp_path / "clips" / name).mkdir(parents=True)
    for number in range(8):
        place = tmp_path / "clips" / app.class_names[test.y[number]]
        frames = [Image.fromarray(f[..., 0]) for f in test.x[number]]
        (place / str(number)).mkdir()
        for at, frame in enumerate(frames):
            frame.save(place / str(number) / f"{at}.png")
    settings = VideoClassifier.default_settings()
    split = loaded.read_test(tmp_path / "clips", settings)
    expected = app.evaluate(test.take(8), verbose=0)
    np.testing.assert_allclose(
        loaded.evaluate(split, verbose=0), expected, rtol=1e-4
    )
    place = tmp_path / "clips" / app.class_names[test.y[0]]
    rows = loaded.predict_path(place, top=2)
    assert rows[0]["rank"] == 1 and rows[1]["rank"] == 2
    one = loaded.predict_path(place / "0")
    assert one[0]["label"] == rows[0]["label"]
    with pytest.raises(ValueError, match="There must be a clip"):
        loaded.predict_path(tmp_path / "clips")
    (tmp_path / "clips" / "turn").mkdir()
    with pytest.raises(ValueError, match="none in turn"):
        loaded.read_test(tmp_path / "clips", settings)


def test_instruments_show_clips(trained, tmp_path):
    app, test = trained
    names = [type(i).__name__ for i in app.inspectors(tmp_path, test)]
    assert "ClipStrips" in names and "ConfusionMatrix" in names


def test_refuses_what_takes_no_clips():
    pictures = keras.Input((8, 8, 3))
    flat = keras.Model(pictures, keras.layers.Flatten()(pictures))
    with pytest.raises(ValueError, match="must take clips"):
        VideoClassifier(flat, 2)
    app = VideoClassifier(small(), 2)
    app.compile()
    with pytest.raises(ValueError, match=r"\(frames, height, width, channels"):
        app.predict(np.zeros((1, 4, 12, 12, 3)), verbose=0)
