import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageClassifier
from keras_nn.applications.picture_concepts import explain_concepts
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture(scope="module")
def app():
    """Says `red` where the picture is red."""
    pictures = keras.Input((8, 8, 3))
    conv = keras.layers.Conv2D(
        3, 1, kernel_initializer=_identity, name="colours"
    )
    network = keras.Model(pictures, conv(pictures))
    app = ImageClassifier(network, 2, ["red", "other"], preprocess="rescale")
    app.head.kernel.assign([[4.0, 0], [0, 2], [0, 2]])
    return app


def _identity(shape, dtype=None):
    return np.eye(3, dtype="float32").reshape(shape)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """`concepts/<name>` and `random`, and `class`, of coloured noise."""
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("concepts")
    for name, count, red in (
        ("concepts/red", 12, 120),
        ("concepts/bright", 12, 0),
        ("concepts/random", 30, 0),
        ("class", 5, 60),
    ):
        (path / name).mkdir(parents=True)
        for i in range(count):
            x = random.integers(0, 130, (8, 8, 3))
            x[..., 0] += red
            picture = Image.fromarray(x.astype("uint8"))
            picture.save(path / name / f"{i}.png")
    return path


def test_the_class_depends_on_its_colour(app, folder, tmp_path):
    rows = explain_concepts(
        app,
        folder / "class",
        folder / "concepts",
        tmp_path / "new",
        "red",
        {"runs": "20"},
    )
    assert [row["concept"] for row in rows] == ["bright", "red"]
    assert {row["layer"] for row in rows} == {"colours"}
    red = rows[1]
    assert red["score"] == 1 and red["significant"] and red["accuracy"] > 0.9
    sheet = np.asarray(Image.open(red["picture"]))
    assert sheet.shape == (58 + 2 * 44 + 34, 740, 3)
    # The second bar is long and green.
    assert (sheet[58 + 44 + 12, 200:540] == [24, 128, 56]).all()


@pytest.mark.slow
def test_layers_share_the_level(app, folder, tmp_path):
    given = folder / "class", folder / "concepts", tmp_path, "red"
    one, _ = explain_concepts(app, *given, {"layer": "colours", "runs": "3"})
    both = explain_concepts(
        app, *given, {"layer": "colours, pool", "runs": "3"}
    )
    assert [row["layer"] for row in both] == ["colours"] * 2 + ["pool"] * 2
    assert both[0]["p_value"] == pytest.approx(
        min(1, 2 * one["p_value"]), rel=0.01
    )


def test_says_what_is_missing(app, folder, tmp_path):
    def ask(concepts=folder / "concepts", label="red", **settings):
        explain_concepts(
            app, folder / "class", concepts, tmp_path, label, settings
        )

    with pytest.raises(WrongRequest, match="Received: label=None"):
        ask(label=None)
    with pytest.raises(WrongRequest, match="Unknown label.*'blue'"):
        ask(label="blue")
    with pytest.raises(WrongRequest, match=r"with the folders \['class', 'c"):
        ask(concepts=folder)
    with pytest.raises(WrongRequest, match="folder of folders"):
        ask(concepts=folder / "none")
    with pytest.raises(WrongRequest, match="did you mean 'runs'"):
        ask(run="3")
    with pytest.raises(ValueError, match="`layer` must be one of.*'none'"):
        ask(layer="none")
