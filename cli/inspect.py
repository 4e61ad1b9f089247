import os
import threading
from typing import Annotated

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import silent_stderr


@reported
def inspect(
    run: RunFolder,
    port: Annotated[
        int, typer.Option(min=0, help="0 takes any free port.")
    ] = 6006,
    host: Annotated[
        str, typer.Option(help="Who may look; 0.0.0.0 is everyone.")
    ] = "localhost",
    debug: Debug = False,
):
    """Show a run, or a folder of runs, in TensorBoard until Ctrl-C."""
    if not run.is_dir():
        raise typer.BadParameter(f"There is no such folder. Received: {run}")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with silent_stderr():
        from tensorboard import program

        tensorboard = program.TensorBoard()
        tensorboard.configure(
            argv=[
                "tensorboard",
                f"--logdir={run}",
                f"--port={port}",
                f"--host={host}",
            ]
        )
        url = tensorboard.launch()
    typer.echo(f"TensorBoard: {url} (Ctrl-C ends it)")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        raise typer.Exit from None
