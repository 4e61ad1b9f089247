from pathlib import Path
from typing import Annotated
from typing import Literal

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start

FILES = {
    "onnx": "model.onnx",
    "litert": "model.tflite",
    "saved_model": "saved_model",
}


@reported
def export(
    run: RunFolder,
    format: Annotated[
        Literal["onnx", "litert", "saved_model"],
        typer.Option(help="For which runtime."),
    ],
    to: Annotated[
        Path | None,
        typer.Option(help="File or folder to write. Default: in RUN/export."),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option(
            help="Detectors: predictions at all places, not the boxes that "
            "are left after suppression."
        ),
    ] = False,
    debug: Debug = False,
):
    """Write a trained application for another runtime."""
    start()
    from keras_nn.applications import Run
    from keras_nn.applications import WrongRequest

    run = Run.open(run)
    path = to or run.path / "export" / FILES[format]
    app = run.load()
    how = {}
    if raw:
        if not hasattr(app, "detections"):
            raise WrongRequest(
                "Raw predictions are those of a detector. Received: --raw for "
                f"a run of {run.config['application']}"
            )
        how["raw"] = True
    app.export(path, format, **how)
    typer.echo(str(path))
