import dataclasses
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications import UnknownChoice
from keras_nn.applications import fit_recipe
from keras_nn.testing import two_replicas

MODULE = sys.modules[fit_recipe.__module__]


@pytest.fixture(autouse=True)
def no_instruments(monkeypatch):
    monkeypatch.setattr(ImageClassifier, "inspectors", lambda *a, **k: [])


def fit(tmp_path, **kwargs):
    kwargs = {"epochs": 1, "batch_size": 128, "verbose": 0, **kwargs}
    return fit_recipe("image-classifier", log_dir=tmp_path, **kwargs)


def test_the_same_seed_gives_the_same_run(tmp_path):
    first, second, other = (fit(tmp_path, seed=seed) for seed in (1, 1, 2))
    assert first.metrics["test"] == second.metrics["test"]
    assert first.metrics["test"] != other.metrics["test"]


@pytest.fixture
def pictures(tmp_path):
    generator = np.random.default_rng(0)
    for name, level in (("dark", 40), ("light", 200)):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for index in range(30):
            pixels = level + generator.integers(-30, 30, (20, 24, 3))
            picture = Image.fromarray(pixels.astype("uint8"))
            picture.save(folder / f"{index}.jpg")
    return tmp_path / "pictures"


def test_a_corrupt_picture_is_named_and_skipped_only_if_asked(
    pictures, tmp_path
):
    bad = pictures / "dark" / "7.jpg"
    bad.write_bytes(bad.read_bytes()[:300])
    with pytest.raises(ValueError, match=str(bad)):
        fit(tmp_path, data=str(pictures))
    with pytest.warns(UserWarning, match=str(bad)):
        run = fit(
            tmp_path,
            data=str(pictures),
            settings={"on_error": "skip", "image_size": 16},
        )
    assert run.config["settings"]["on_error"] == "skip"
    assert (run.path / "model.keras").is_file()


def test_trains_on_a_folder_of_class_folders_in_half_precision(
    pictures, tmp_path
):
    run = fit(
        tmp_path,
        data=str(pictures),
        settings={"image_size": "16", "test_fraction": 0.2},
        precision="mixed_bfloat16",
        batch_size=8,
        epochs=4,
    )
    assert run.config["recipe"] == "pictures"
    assert run.metrics["test"]["accuracy"] == 1.0
    assert keras.config.dtype_policy().name == "float32"
    app = run.load()
    assert app.class_names == ["dark", "light"]
    assert app.backbone.layers[1].compute_dtype == "bfloat16"


def test_trains_on_replicas(tmp_path, monkeypatch):
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", two_replicas)
    mirrored = fit(tmp_path, strategy="mirrored")
    single = fit(tmp_path)
    assert mirrored.config["strategy"] == "mirrored"
    for name, value in single.metrics["test"].items():
        assert mirrored.metrics["test"][name] == pytest.approx(value, abs=0.1)


def test_data_without_a_validation_part_gets_one(tmp_path, monkeypatch):
    whole = dataclasses.replace(data.load("digits"), validation=None)
    monkeypatch.setattr(MODULE, "read_splits", lambda *a: whole)
    card = (fit(tmp_path).path / "MODEL_CARD.md").read_text()
    assert "train 1165, validation 129, test 359" in card


def test_data_without_a_test_part_is_refused_before_training(
    tmp_path, monkeypatch
):
    splits = dataclasses.replace(data.load("digits"), test=None)
    monkeypatch.setattr(MODULE, "read_splits", lambda *a: splits)
    with pytest.raises(ValueError, match="needs test data"):
        fit(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"), [("strategy", "tpu"), ("precision", "float8")]
)
def test_refuses_what_is_not_on_offer(tmp_path, name, value):
    with pytest.raises(UnknownChoice, match=f"Unknown {name}"):
        fit(tmp_path, **{name: value})


def test_refuses_no_epoch(tmp_path):
    with pytest.raises(ValueError, match="`epochs` must be a positive"):
        fit(tmp_path, epochs=0)
