import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageClassifier
from keras_nn.applications import ImageSegmenter
from keras_nn.applications import ObjectDetector
from keras_nn.applications.picture_explanations import explain_pictures
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models import CenterNet
from keras_nn.models import ResNet
from keras_nn.models import UNet


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


def warmth(picture, tile=320, gap=10, head=30):
    """How colourful the second tile is, where the picture is grey."""
    sheet = np.asarray(Image.open(picture)).astype("float32")
    left = 2 * gap + tile
    return np.ptp(sheet[head : head + tile, left : left + tile], axis=-1)


@pytest.mark.parametrize("side", [8, None])
def test_of_a_segmenter_the_mean_score_of_a_class(side, folder, tmp_path):
    pictures = keras.Input((side, side, 3))
    network = keras.Model(pictures, keras.layers.Identity()(pictures))
    app = ImageSegmenter(network, 2, ["ground", "light"], preprocess="rescale")
    kernel = np.zeros((1, 1, 3, 2), "float32")
    kernel[..., 1] = 2.0
    app.head.kernel.assign(kernel)
    app.network.stride = 4
    (row,) = app.explain_path(
        folder, tmp_path, "input-x-gradient", "light", {"batch_size": "2"}
    )
    share = [1 / (1 + np.exp(-6 * v / 255)) for v in (40, 230)]
    np.testing.assert_allclose(row["probability"], np.mean(share), atol=1e-4)
    warm = warmth(row["picture"])
    assert warm[:, 200:300].mean() > 3 * warm[:, 20:120].mean()


def test_of_a_segmenter_that_looks_many_times_one_look(folder, tmp_path):
    network = UNet(False, input_shape=(8, 8, 3), filters=[2, 3])
    app = ImageSegmenter(network, 2, preprocess="rescale", views=8)
    (row,) = app.explain_path(folder, tmp_path, "gradcam", "1")
    assert row["label"] == "1" and row["picture"].endswith("_a_gradcam.png")


def test_of_a_detector_the_best_score_of_a_class(folder, tmp_path):
    backbone = ResNet(
        False,
        input_shape=(8, 8, 3),
        num_blocks=[1, 1],
        num_filters=[3, 4],
        bottleneck=False,
        stem="cifar",
    )
    network = CenterNet(
        backbone, 2, [1, 2], filters=4, depth=0, norm_groups=2, prior=0.3
    )
    app = ObjectDetector(network, ["cat", "dog"], preprocess="rescale")
    (row,) = app.explain_path(folder, tmp_path, "occlusion", "dog")
    x = np.asarray(Image.open(folder / "a.png"))[None]
    _, scores = network.candidates(app.predict(x, verbose=0))
    best = np.asarray(scores)[0, :, 1].max()
    np.testing.assert_allclose(row["probability"], best, atol=1e-5)
