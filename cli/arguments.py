"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

GROUP = "keras_nn.applications"


def application_names():
    """Names of the installed applications, without importing them."""
    from importlib.metadata import entry_points

    return sorted({point.name for point in entry_points(group=GROUP)})


def complete_application(incomplete: str):
    """Shell completion of an application's name."""
    return [n for n in application_names() if n.startswith(incomplete)]


def check_application(name: str):
    """Refuses a name that no installed package offers."""
    if name not in application_names():
        raise typer.BadParameter(
            f"There is no such application. Choices: "
            f"{', '.join(application_names())}. Received: {name!r}"
        )
    return name


def parse_settings(pairs, option="--set"):
    """`["key=value", ...]` as a dict."""
    settings = {}
    for pair in pairs or []:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise typer.BadParameter(
                f"{option} takes key=value. Received: {pair!r}"
            )
        settings[key.strip()] = value.strip()
    return settings


ApplicationName = Annotated[
    str,
    typer.Argument(
        metavar="APP",
        help="The application; see `keras-nn list`.",
        autocompletion=complete_application,
        callback=check_application,
    ),
]
RunFolder = Annotated[
    Path, typer.Argument(metavar="RUN", help="The folder of a run.")
]
