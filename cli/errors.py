"""One clear message for what goes wrong, and the exit code that fits."""

import functools
import sys
import traceback
from typing import Annotated

import typer

Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.")
]


def reported(command):
    """Turns an exception of a command into a message and an exit code.

    The code is the exception's `exit_code` if it has one (2: the request was
    wrong), else 1. With `--debug` the traceback is printed, too.
    """

    @functools.wraps(command)
    def run(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except (typer.Exit, typer.Abort, KeyboardInterrupt):
            raise
        except typer.BadParameter:
            raise
        except Exception as error:
            if kwargs.get("debug"):
                traceback.print_exc()
            message = str(error).strip() or type(error).__name__
            sys.stdout.flush()
            typer.echo(f"Error: {message}", err=True)
            raise typer.Exit(getattr(error, "exit_code", 1)) from None

    return run
