import pytest
import typer
from typer.testing import CliRunner

from keras_nn.applications import WrongRequest
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported


def run(error, *arguments):
    app = typer.Typer()

    @app.command()
    @reported
    def command(debug: Debug = False):
        raise error

    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("it is broken"), 1),
        (WrongRequest("it is broken"), 2),
        (OSError(28, "it is broken"), 1),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(error, code):
    result = run(error)
    assert result.exit_code == code
    assert result.stderr.startswith("Error: ")
    assert "it is broken" in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_debug_shows_where_it_happened():
    result = run(ValueError("it is broken"), "--debug")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "raise error" in result.stderr


def test_an_error_without_a_text_is_named():
    assert run(KeyError()).stderr == "Error: KeyError\n"


def test_a_usage_error_stays_one():
    assert run(typer.BadParameter("no")).exit_code == 2
