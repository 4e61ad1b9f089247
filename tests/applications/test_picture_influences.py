import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications.picture_influences import explain_by_training
from keras_nn.applications.picture_influences import suspicious_training
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture(scope="module")
def app():
    """Features are the halves' brightness; says the brighter one."""
    pictures = keras.Input((8, 8, 1))
    halves = keras.layers.AveragePooling2D((8, 4))(pictures)
    network = keras.Model(pictures, keras.layers.Flatten()(halves))
    app = ImageClassifier(network, 2, ["left", "right"], preprocess="rescale")
    app.head.kernel.assign([[2.0, -2], [-2, 2]])
    return app


@pytest.fixture(scope="module")
def train():
    """Right and left, by turns; number 5 is left but said to be right."""
    random = np.random.default_rng(0)
    x = random.integers(0, 60, (30, 8, 8, 1)).astype("uint8")
    y = np.arange(30) % 2
    x[y == 0, :, :4] += 150
    x[y == 1, :, 4:] += 150
    x[5] = x[4]
    return data.Split(x, y)


@pytest.fixture(scope="module")
def picture(train, tmp_path_factory):
    path = tmp_path_factory.mktemp("asked") / "a.png"
    Image.fromarray(train.x[8, ..., 0]).save(path)
    return path


@pytest.mark.parametrize("method", ["influence-functions", "tracin"])
def test_a_wrong_label_did_the_most_harm(method, app, train, picture, tmp_path):
    rows = explain_by_training(
        app, train, picture, tmp_path, None, {"method": method, "top": "3"}
    )
    assert [row["rank"] for row in rows] == [1, 2, 3, -1, -2, -3]
    assert rows[0]["label"] == "left" and rows[0]["influence"] > 0
    assert rows[0]["is"] == "left"
    assert rows[3]["example"] == 5 and rows[3]["influence"] < 0
    sheet = np.asarray(Image.open(rows[0]["picture"]))
    assert sheet.shape[1] == 4 * 122 + 10


def test_a_part_of_the_training_and_another_label(
    app, train, picture, tmp_path
):
    split = data.Split(np.arange(30), train.y, decode=lambda i: train.x[i])
    rows = explain_by_training(
        app, split, picture, tmp_path, "right", {"examples": "4", "top": "9"}
    )
    assert len(rows) == 8 and {row["examples"] for row in rows} == {4}
    assert rows[0]["label"] == "right" and rows[0]["is"] == "right"
    assert all(train.y[r["example"]] == (r["is"] == "right") for r in rows)


def test_a_wrong_label_is_suspicious(app, train, tmp_path):
    rows = suspicious_training(app, train, tmp_path / "new", {"top": "10"})
    first = rows[0]
    assert (first["example"], first["is"]) == (5, "right")
    assert first["predicted"] == "left"
    assert first["self_influence"] > 5 * rows[1]["self_influence"]
    sheet = np.asarray(Image.open(first["picture"]))
    assert sheet.shape[1] == 8 * 122 + 10
    with pytest.raises(WrongRequest, match="Unknown setting.*'label'"):
        suspicious_training(app, train, tmp_path, {"label": "left"})


def test_says_what_there_is_not(app, train, picture, tmp_path):
    def ask(label=None, **settings):
        explain_by_training(app, train, picture, tmp_path, label, settings)

    with pytest.raises(WrongRequest, match="Unknown label.*'up'"):
        ask(label="up")
    with pytest.raises(WrongRequest, match="Unknown method.*'trac'"):
        ask(method="trac")
    with pytest.raises(WrongRequest, match="did you mean 'damping'"):
        ask(dampin="3")
    with pytest.raises(WrongRequest, match="Received: top=0"):
        ask(top="0")
