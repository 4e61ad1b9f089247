import json
from pathlib import Path
from typing import Annotated
from typing import Literal

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start
from keras_nn_cli.tables import print_table


@reported
def evaluate(
    run: RunFolder,
    data: Annotated[
        Path | None,
        typer.Option(help="Labelled data of your own, all of it a test set."),
    ] = None,
    output: Annotated[
        Literal["table", "json"], typer.Option(help="How to print.")
    ] = "table",
    debug: Debug = False,
):
    """Measure a trained application on its test data, or on yours."""
    start()
    from keras_nn.applications import Run
    from keras_nn.applications import evaluate_run

    metrics, intervals = evaluate_run(Run.open(run), data)
    if output == "json":
        typer.echo(json.dumps({"test": metrics, "intervals": intervals}))
        return
    rows = []
    for name, value in metrics.items():
        spread = "not computed"
        if name in intervals:
            spread = "{:.4f} to {:.4f}".format(*intervals[name])
        rows.append((name, f"{value:.4f}", spread))
    print_table("Test metrics", ("metric", "value", "95 % interval"), rows)
