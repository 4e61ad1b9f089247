import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageClassifier
from keras_nn.applications.compared_explanations import compare_explanations
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture(scope="module")
def app():
    """Says `yes` where the upper left corner is bright."""
    pictures = keras.Input((8, 8, 3))
    network = keras.Model(pictures, keras.layers.Flatten()(pictures))
    app = ImageClassifier(network, 2, ["no", "yes"], preprocess="rescale")
    kernel = np.zeros((8, 8, 3, 2), "float32")
    kernel[:2, :2, :, 1] = 1.0
    app.head.kernel.assign(kernel.reshape(-1, 2))
    return app


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("asked") / "a.png"
    Image.fromarray(np.full((8, 8, 3), 200, "uint8")).save(path)
    return path


def test_a_good_method_is_told_from_a_bad_one(app, picture, tmp_path):
    methods = ["input-x-gradient", "feature-ablation"]
    good, coarse = compare_explanations(
        app,
        picture,
        tmp_path / "new",
        methods,
        settings={"steps": "16", "samples": "2"},
    )
    assert [good["method"], coarse["method"]] == methods
    assert good["label"] == "yes" and good["picture"] == coarse["picture"]
    # Without its 4 pixels of 64 nothing is left of a log odds of 9.4.
    assert good["deletion"] < 0.55 and good["insertion"] > 0.95
    # The model is linear, and the gradient does not change.
    assert good["infidelity"] < 1e-3
    assert good["sensitivity"] < 0.05
    sheet = np.asarray(Image.open(good["picture"]))
    assert sheet.shape[1] == 3 * 230 + 10


def test_says_what_there_is_not(app, picture, tmp_path):
    def ask(methods=("saliency",), label=None, **settings):
        compare_explanations(app, picture, tmp_path, methods, label, settings)

    with pytest.raises(WrongRequest, match="did you mean 'saliency'"):
        ask(["saliensy"])
    with pytest.raises(WrongRequest, match="Unknown label"):
        ask(label="maybe")
    with pytest.raises(WrongRequest, match="Unknown setting"):
        ask(n_steps="3")
    with pytest.raises(WrongRequest, match="Received: samples=0"):
        ask(samples="0")
