import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageClassifier
from keras_nn.applications.picture_explanations import explain_pictures
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture(scope="module")
def app():
    """Says `right` where the right half is bright."""
    pictures = keras.Input((8, 8, 3))
    network = keras.Model(pictures, keras.layers.Flatten()(pictures))
    app = ImageClassifier(network, 2, ["left", "right"], preprocess="rescale")
    kernel = np.zeros((8, 8, 3, 2), "float32")
    kernel[:, 4:, :, 1] = 0.1
    kernel[:, :4, :, 0] = 0.1
    app.head.kernel.assign(kernel.reshape(-1, 2))
    return app


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures")
    values = np.full((8, 8, 3), 40, "uint8")
    values[:, 4:] = 230
    Image.fromarray(values).save(path / "a.png")
    return path


@pytest.mark.parametrize(
    "method", ["integrated-gradients", "occlusion", "layer-wise-relevance"]
)
def test_the_bright_half_speaks_for_right(method, app, folder, tmp_path):
    settings = {"window": "2"} if method == "occlusion" else {}
    (row,) = explain_pictures(
        app, folder, tmp_path / "new", method, settings=settings
    )
    assert row["label"] == "right" and row["probability"] > 0.9
    sheet = np.asarray(Image.open(row["picture"])).astype("float32")
    # The second tile: little of the dark left half, all of the right one.
    top, left, tile, gap = 30, 10, 320, 10
    speaks = sheet[top : top + tile, left + tile + gap : left + 2 * tile + gap]
    colourful = np.ptp(speaks, axis=-1)
    assert colourful[:, 200:300].mean() > 5 * colourful[:, 20:120].mean()


def test_another_label_and_features(app, folder, tmp_path):
    (row,) = explain_pictures(
        app, folder, tmp_path, "shapley-values", "left", {"patches": "2"}
    )
    assert row["label"] == "left" and row["probability"] < 0.1
    assert abs(row["convergence_delta"]) < 1e-4


def test_superpixels_are_those_of_each_picture(app, folder, tmp_path):
    (row,) = explain_pictures(
        app, folder, tmp_path, "kernel-shap", settings={"superpixels": "4"}
    )
    assert row["label"] == "right"
    assert abs(row["convergence_delta"]) < 1e-3


def test_refuses_what_there_is_not(app, folder, tmp_path):
    def ask(**given):
        explain_pictures(app, folder, tmp_path, **given)

    with pytest.raises(WrongRequest, match="Unknown label"):
        ask(label="up")
    with pytest.raises(WrongRequest, match="takes the settings.*'n_steps'"):
        ask(settings={"steps": "3"})
    with pytest.raises(WrongRequest, match="Received: patches=0"):
        ask(method="lime", settings={"patches": "0"})
    with pytest.raises(WrongRequest, match="Received: superpixels=none"):
        ask(method="lime", settings={"superpixels": "none"})
    with pytest.raises(WrongRequest, match="methods that take features away"):
        ask(settings={"superpixels": "9"})
