import pytest
import typer

from keras_nn.applications import catalogue
from keras_nn_cli import arguments


def test_names_are_those_of_the_library():
    assert arguments.application_names() == catalogue.names()


def test_completes_names_by_their_beginning():
    assert arguments.complete_application("image-c") == ["image-classifier"]
    assert arguments.complete_application("zebra") == []


def test_refuses_an_unknown_application_and_names_the_known():
    assert arguments.check_application("image-classifier")
    with pytest.raises(typer.BadParameter, match="Choices:.*image-classifier"):
        arguments.check_application("image-clasifier")


def test_settings_are_pairs():
    assert arguments.parse_settings(None) == {}
    assert arguments.parse_settings(["a=1", "b=x=y"]) == {"a": "1", "b": "x=y"}
    for bad in ("a", "=1"):
        with pytest.raises(typer.BadParameter, match="takes key=value"):
            arguments.parse_settings([bad])
