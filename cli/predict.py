from pathlib import Path
from typing import Annotated
from typing import Literal

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start
from keras_nn_cli.tables import print_rows


@reported
def predict(
    run: RunFolder,
    input: Annotated[Path, typer.Option(help="A file, or a folder of files.")],
    top: Annotated[
        int, typer.Option(min=1, help="Predictions for each, best first.")
    ] = 1,
    box: Annotated[
        str | None,
        typer.Option(
            help="Pictures to be filled: the hole, as `left,top,right,bottom`."
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Styles: so many steps over each picture's pixels (Gatys), "
            "instead of one pass.",
        ),
    ] = None,
    output: Annotated[
        Literal["csv", "json"], typer.Option(help="How to print.")
    ] = "csv",
    debug: Debug = False,
):
    """Print what a trained application says of your files."""
    start()
    from keras_nn.applications import Run
    from keras_nn.applications import WrongRequest

    run = Run.open(run)
    app = run.load()
    where = {"folder": run.path / "predictions"} if app.writes_files else {}
    if box is not None:
        where["box"] = _corners(box, app, run)
    if steps is not None:
        if not hasattr(app, "optimize"):
            raise WrongRequest(
                "Steps are for an application that optimises pictures, "
                f"style-transfer. Received: --steps={steps} for a run of "
                f"{run.config['application']}"
            )
        where["steps"] = steps
    rows = app.predict_path(input, top, **where)
    print_rows(rows, output)


def _corners(box, app, run):
    from keras_nn.applications import WrongRequest

    if not hasattr(app, "fill_exact"):
        raise WrongRequest(
            "A box is a hole for an application that fills holes. Received: "
            f"--box={box} for a run of {run.config['application']}"
        )
    corners = box.split(",")
    if len(corners) != 4 or not all(c.strip().isdigit() for c in corners):
        raise WrongRequest(
            "A box is four whole numbers, left,top,right,bottom. "
            f"Received: --box={box}"
        )
    return tuple(map(int, corners))
