"""The `keras-nn` command: its options and its commands.

Nothing here imports Keras: help and shell completion must be there at once.
Each command imports what it needs when it runs.
"""

from typing import Annotated

import typer

from keras_nn_cli.evaluate import evaluate
from keras_nn_cli.explain import explain
from keras_nn_cli.export import export
from keras_nn_cli.generate import generate
from keras_nn_cli.inspect import inspect
from keras_nn_cli.launch import launch
from keras_nn_cli.list import list_applications
from keras_nn_cli.predict import predict
from keras_nn_cli.train import train
from keras_nn_cli.tune import tune

app = typer.Typer(
    help="Train, evaluate, use and look into neural networks.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("list")(list_applications)
app.command("train")(train)
app.command("tune")(tune)
app.command(
    "launch",
    context_settings={
        "allow_extra_args": True,
        "allow_interspersed_args": False,
    },
)(launch)
app.command("evaluate")(evaluate)
app.command("predict")(predict)
app.command("explain")(explain)
app.command("generate")(generate)
app.command("export")(export)
app.command("inspect")(inspect)


def _print_version(wanted):
    if wanted:
        from importlib.metadata import version

        typer.echo(f"keras-nn {version('keras-nn')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
):
    """Train, evaluate, use and look into neural networks."""
