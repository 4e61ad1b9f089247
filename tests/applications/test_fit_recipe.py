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
from keras_nn.applications import catalogue
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
    first, second = (fit(tmp_path, seed=1) for _ in range(2))
    assert first.metrics["test"] == second.metrics["test"]


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
    recipe = catalogue.get_recipe(ImageClassifier, "pictures")
    settings = {**ImageClassifier.default_settings(), "on_error": "skip"}
    with pytest.warns(UserWarning, match=str(bad)):
        splits = ImageClassifier.read_data(pictures, recipe, 0, settings)
    assert len(splits.train) + len(splits.validation) + len(splits.test) == 59


@pytest.mark.slow
def test_trains_on_a_folder_of_class_folders_in_half_precision(
    pictures, tmp_path
):
    run = fit(
        tmp_path,
        data=str(pictures),
        settings={"image_size": "16", "test_fraction": 0.2},
        precision="bfloat16",
        batch_size=8,
        epochs=4,
    )
    assert run.config["recipe"] == "pictures"
    assert run.config["precision"] == "mixed_bfloat16"
    assert run.metrics["test"]["accuracy"] == 1.0
    assert keras.config.dtype_policy().name == "float32"
    app = run.load()
    assert app.class_names == ["dark", "light"]
    assert app.backbone.layers[1].compute_dtype == "bfloat16"


@pytest.mark.slow
def test_accumulated_batches_make_the_run_of_the_larger_batch(tmp_path):
    # A schedule counts updates; 1149 examples leave a last one of less.
    settings = {
        "optimizer": "sgd",
        "schedule": "cosine",
        "preprocess": "rescale",
    }
    whole = fit(tmp_path, batch_size=96, settings=settings)
    parts = fit(tmp_path, batch_size=32, accumulate=3, settings=settings)
    for name, value in whole.metrics["test"].items():
        assert parts.metrics["test"][name] == pytest.approx(value, abs=1e-4)
    assert parts.config["accumulate"] == 3
    card = (parts.path / "MODEL_CARD.md").read_text()
    assert "- Batches to an update: 3" in card
    app = parts.load()
    assert app.optimizer.gradient_accumulation_steps == 3
    assert int(app.optimizer.iterations) == int(
        whole.load().optimizer.iterations
    )


@pytest.mark.slow
def test_trains_on_shards(tmp_path):
    data.write_shards(data.load("digits"), tmp_path / "shards", shards=3)
    run = fit(tmp_path, data=str(tmp_path / "shards"), recipe="digits")
    same = fit(tmp_path, recipe="digits")
    assert run.metrics["test"] == same.metrics["test"]
    assert run.load().class_names == [str(digit) for digit in range(10)]


@pytest.mark.slow
def test_trains_on_replicas(tmp_path, monkeypatch):
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", two_replicas)
    run = fit(tmp_path, strategy="mirrored", batch_size=32)
    assert run.config["strategy"] == "mirrored"
    assert run.metrics["test"]["accuracy"] > 0.7


def test_data_without_a_validation_part_gets_one():
    whole = dataclasses.replace(data.load("digits"), validation=None)
    splits = MODULE.with_validation(whole, {}, seed=0)
    assert (len(splits.train), len(splits.validation)) == (1165, 129)


def test_data_without_a_test_part_is_refused_before_training(
    tmp_path, monkeypatch
):
    splits = dataclasses.replace(data.load("digits"), test=None)
    monkeypatch.setattr(MODULE, "read_splits", lambda *a: splits)
    with pytest.raises(ValueError, match="needs test data"):
        fit(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"), [("strategy", "horovod"), ("precision", "float8")]
)
def test_refuses_what_is_not_on_offer(tmp_path, name, value):
    with pytest.raises(UnknownChoice, match=f"Unknown {name}"):
        fit(tmp_path, **{name: value})


@pytest.mark.parametrize("name", ["epochs", "accumulate"])
def test_refuses_none_at_all(tmp_path, name):
    with pytest.raises(ValueError, match=f"`{name}` must be a positive"):
        fit(tmp_path, **{name: 0})


def test_examples_are_repeated_in_a_pass_those_of_validation_are_not():
    x = np.arange(3)
    part = data.Split(x, x)
    splits = data.Splits(part, part, part, class_names=("a", "b", "c"))
    found = MODULE.repeated(splits, {"repeats": 2})
    np.testing.assert_array_equal(found.train.x, [0, 1, 2, 0, 1, 2])
    assert found.validation is part and found.test is part
    assert MODULE.repeated(splits, {}) is splits
    with pytest.raises(ValueError, match="`repeats` must be a positive"):
        fit_recipe("image-segmenter", settings={"repeats": 0})
