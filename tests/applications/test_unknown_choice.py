import pytest

from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest


def test_names_the_choices_the_guess_and_what_was_received():
    message = str(UnknownChoice("recipe", "digit", ["digits", "mnist-cnn"]))
    assert "did you mean 'digits'?" in message
    assert "Choices: digits, mnist-cnn" in message
    assert message.endswith("Received: 'digit'")


def test_does_not_guess_where_nothing_is_close():
    assert "did you mean" not in str(UnknownChoice("recipe", "xyz", ["digits"]))


def test_is_a_wrong_request_that_ends_the_command_line_with_two():
    assert UnknownChoice("a", "b", []).exit_code == 2
    with pytest.raises(WrongRequest):
        raise UnknownChoice("a", "b", [])
