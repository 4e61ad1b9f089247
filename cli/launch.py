import os
import shutil
import subprocess
import sys
from typing import Annotated

import typer

from keras_nn_cli import workers as processes

MAIN = "from keras_nn_cli import main; main()"


def launch(
    context: typer.Context,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes that train together.")
    ] = 2,
    grace: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="When one worker has failed: how long the others may take "
            "to end by themselves.",
        ),
    ] = processes.GRACE_SECONDS,
    show_all: Annotated[
        bool,
        typer.Option(
            "--show-all", help="Print what the other workers print, too."
        ),
    ] = False,
):
    """Run a command in several processes of this machine that train together.

    `keras-nn launch --workers 2 -- train image-classifier` trains on two
    workers; `-- python my_script.py` runs a script of yours, which calls
    `keras_nn.training.strategy("multiworker")`. The exit code is that of the
    first worker that failed.
    """
    command = _command(context.args, context.parent.command.commands)
    gpus = _gpus()
    if gpus and len(gpus) < workers:
        raise typer.BadParameter(
            f"There are fewer GPUs than workers. Received: --workers "
            f"{workers}, GPUs {', '.join(gpus)}"
        )
    found = processes.environments(workers, gpus=gpus)
    code = processes.run(
        [(command, environment) for environment in found],
        grace=grace,
        show=show_all,
    )
    raise typer.Exit(code)


def _command(words, known):
    """The command of one worker: one of ours, or a program."""
    if not words:
        raise typer.BadParameter(
            "Give the command after `--`: keras-nn launch --workers 2 -- "
            "train APP. Received: no command"
        )
    if words[0] not in known:
        if (program := shutil.which(words[0])) is None:
            raise typer.BadParameter(
                "That is neither a command of keras-nn nor a program. "
                f"Received: {words[0]!r}"
            )
        return [program, *words[1:]]
    if words[0] == "train":
        words = [*words, *_strategy(words)]
    return [sys.executable, "-c", MAIN, *words]


def _strategy(words):
    """Without it each worker would train a model of its own."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.partition("=")[0] == "--strategy":
            chosen = word.partition("=")[2] or following
            if chosen not in ("multiworker", "auto"):
                raise typer.BadParameter(
                    "Workers train together with --strategy multiworker. "
                    f"Received: --strategy {chosen}"
                )
            return []
    return ["--strategy", "multiworker"]


def _gpus():
    """The GPUs that this process may use, as CUDA names them."""
    if (visible := os.environ.get("CUDA_VISIBLE_DEVICES")) is not None:
        return [name for name in visible.split(",") if name not in ("", "-1")]
    if shutil.which("nvidia-smi") is None:
        return []
    listed = subprocess.run(
        ["nvidia-smi", "--list-gpus"], capture_output=True, text=True
    )
    lines = [line for line in listed.stdout.splitlines() if "GPU " in line]
    return [str(number) for number, _ in enumerate(lines)]
