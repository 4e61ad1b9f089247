import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageClassifier
from keras_nn.applications.picture_features import visualize_features
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture(scope="module")
def app():
    """Its classes are colours, each a channel of the picture."""
    pictures = keras.Input((8, 8, 3))
    names = ["red", "green", "blue"]
    network = keras.Model(pictures, keras.layers.Identity()(pictures))
    app = ImageClassifier(network, 3, names, preprocess="rescale")
    app.head.kernel.assign(6 * np.eye(3) - 3)
    return app


SHORT = {"steps": "30", "jitter": "0", "learning_rate": "0.3"}


def test_classes_look_like_their_colours(app, tmp_path):
    rows = visualize_features(
        app, "classes:blue,red", tmp_path / "new", {**SHORT, "fourier": "False"}
    )
    assert [row["unit"] for row in rows] == ["blue", "red"]
    assert all(row["score"] > row["score_before"] + 0.5 for row in rows)
    assert rows[0]["picture"] == rows[1]["picture"]
    sheet = np.asarray(Image.open(rows[0]["picture"])).astype("int32")
    blue, red = sheet[40:150, 20:130], sheet[40:150, 160:270]
    assert (blue[..., 2] - blue[..., 0]).mean() > 60
    assert (red[..., 0] - red[..., 2]).mean() > 60


def test_units_of_a_layer(app, tmp_path):
    first = visualize_features(app, "pool", tmp_path, {"steps": "1"})
    assert [row["unit"] for row in first] == ["0", "1", "2"]
    (row,) = visualize_features(app, "pool:2", tmp_path, {"steps": "1"})
    assert row["layer"] == "pool" and row["unit"] == "2"
    assert row["picture"].endswith("pool_features.png")


def test_says_what_there_is_not(app, tmp_path):
    def ask(what, **settings):
        visualize_features(app, what, tmp_path, settings)

    with pytest.raises(WrongRequest, match="Unknown label.*'pink'"):
        ask("classes:pink")
    with pytest.raises(WrongRequest, match="Received: 'a'"):
        ask("pool:a")
    with pytest.raises(WrongRequest, match="did you mean 'steps'"):
        ask("pool", step="3")
    with pytest.raises(ValueError, match="from 0 to 2"):
        ask("pool:3")
    with pytest.raises(ValueError, match="`layer` must be one of"):
        ask("pools:3")
