import dataclasses

import pytest

from keras_nn.applications import Recipe
from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications.recipe import resolve_settings

DEFAULTS = {
    "optimizer": "adam",
    "learning_rate": 1e-3,
    "layers": 2,
    "nesterov": False,
    "image_size": None,
}
CHOICES = {"optimizer": ("adam", "sgd")}


def test_recipe_cannot_be_changed():
    recipe = Recipe("a", "b", settings={"layers": 3})
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe.name = "c"
    with pytest.raises(TypeError):
        recipe.settings["layers"] = 4
    with pytest.raises(TypeError):
        recipe.fit["epochs"] = 4


def test_later_settings_are_laid_over_earlier_ones():
    settings = resolve_settings(
        DEFAULTS, CHOICES, {"layers": 3, "nesterov": True}, {"layers": 4}
    )
    assert settings == {**DEFAULTS, "layers": 4, "nesterov": True}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("optimizer", "sgd", "sgd"),
        ("learning_rate", "1e-2", 0.01),
        ("learning_rate", "1", 1.0),
        ("layers", "5", 5),
        ("nesterov", "True", True),
        ("nesterov", "false", False),
        ("image_size", "(32, 48)", (32, 48)),
        ("image_size", "64", 64),
    ],
)
def test_text_becomes_a_value_of_the_type_of_the_default(name, text, value):
    result = resolve_settings(DEFAULTS, CHOICES, {name: text})[name]
    assert result == value
    assert type(result) is type(value)


def test_refuses_an_unknown_setting_and_names_the_known():
    with pytest.raises(UnknownChoice, match="did you mean 'layers'.*nesterov"):
        resolve_settings(DEFAULTS, CHOICES, {"layer": 3})


def test_refuses_an_unknown_value_and_names_the_choices():
    with pytest.raises(UnknownChoice, match="Choices: adam, sgd"):
        resolve_settings(DEFAULTS, CHOICES, {"optimizer": "adagrad"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("layers", "2.5"), ("layers", True), ("nesterov", "2"), ("optimizer", 1)],
)
def test_refuses_a_value_of_another_type(name, value):
    with pytest.raises(WrongRequest, match=f"`{name}` takes a value of type"):
        resolve_settings(DEFAULTS, CHOICES, {name: value})


def test_refuses_fit_arguments_that_are_none_or_not_positive():
    with pytest.raises(ValueError, match=r"Received also: \['epoch'\]"):
        Recipe("a", "b", fit={"epoch": 3})
    with pytest.raises(ValueError, match="`epochs` must be a positive"):
        Recipe("a", "b", fit={"epochs": 0})
