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
    output: Annotated[
        Literal["csv", "json"], typer.Option(help="How to print.")
    ] = "csv",
    debug: Debug = False,
):
    """Print what a trained application says of your files."""
    start()
    from keras_nn.applications import Run

    run = Run.open(run)
    app = run.load()
    where = {"folder": run.path / "predictions"} if app.writes_files else {}
    rows = app.predict_path(input, top, **where)
    print_rows(rows, output)
