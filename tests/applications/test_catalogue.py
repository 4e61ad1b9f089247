import importlib.metadata

import pytest

from keras_nn.applications import Application
from keras_nn.applications import ImageClassifier
from keras_nn.applications import UnknownChoice
from keras_nn.applications import catalogue

POINTS = importlib.metadata.EntryPoints(
    [
        importlib.metadata.EntryPoint(
            "ours",
            "keras_nn.applications.image_classifier:ImageClassifier",
            catalogue.GROUP,
        ),
        importlib.metadata.EntryPoint(
            "theirs", "keras_nn.applications:Application", catalogue.GROUP
        ),
    ]
)


def test_finds_the_applications_of_this_distribution():
    assert catalogue.get("image-classifier") is ImageClassifier


def test_finds_those_of_other_packages(monkeypatch):
    monkeypatch.setattr(
        catalogue, "entry_points", lambda group: POINTS.select(group=group)
    )
    assert catalogue.names() == ["ours", "theirs"]
    assert catalogue.get("theirs") is Application


def test_the_first_recipe_is_the_default():
    assert catalogue.get_recipe(ImageClassifier).name == "digits"
    assert (
        catalogue.get_recipe(ImageClassifier, "mnist-cnn").name == "mnist-cnn"
    )


def test_refuses_unknown_names():
    with pytest.raises(UnknownChoice, match="did you mean 'image-classifier'"):
        catalogue.get("image-clasifier")
    with pytest.raises(UnknownChoice, match="Unknown recipe.*digits"):
        catalogue.get_recipe(ImageClassifier, "mnist-lenet6")
