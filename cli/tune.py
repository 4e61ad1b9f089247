import sys
from pathlib import Path
from typing import Annotated
from typing import Literal

import typer

from keras_nn_cli.arguments import ApplicationName
from keras_nn_cli.arguments import parse_settings
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start
from keras_nn_cli.tables import print_table
from keras_nn_cli.train import Precision
from keras_nn_cli.train import Strategy

Method = Literal["grid", "random", "bayesian", "hyperband"]
Direction = Literal["min", "max"]


@reported
def tune(
    application: ApplicationName,
    recipe: Annotated[
        str | None,
        typer.Option(help="A recipe; see `keras-nn list`. The first if none."),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="NAME|PATH", help="As of `keras-nn train`."),
    ] = None,
    choices: Annotated[
        list[str] | None,
        typer.Option(
            "--choose",
            metavar="KEY=A,B,C",
            help="Values of a setting to choose from; repeats.",
        ),
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range",
            metavar="KEY=LOW:HIGH[:log]",
            help="A range of a setting; log: by factors; repeats.",
        ),
    ] = None,
    search: Annotated[
        Method, typer.Option(help="How the next trial is chosen.")
    ] = "random",
    trials: Annotated[
        int | None,
        typer.Option(
            min=1, help="At most. 10 if none; grid, hyperband: all there are."
        ),
    ] = None,
    objective: Annotated[
        str | None,
        typer.Option(
            help="A metric, or loss: on the validation part; with --folds, "
            "the mean over the folds. The recipe's if none."
        ),
    ] = None,
    direction: Annotated[
        Direction | None,
        typer.Option(help="Whether less or more of it is better."),
    ] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Cross-validate each trial.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the data, at most.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Examples per step.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Of every trial; repeats."
        ),
    ] = None,
    strategy: Annotated[
        Strategy, typer.Option(help="As of `keras-nn train`.")
    ] = "none",
    precision: Annotated[
        Precision, typer.Option(help="What the network computes in.")
    ] = "float32",
    log_dir: Annotated[
        Path, typer.Option(help="Where runs are collected.")
    ] = Path("runs"),
    seed: Annotated[
        int, typer.Option(min=0, help="Of every trial; the search's is next.")
    ] = 0,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="SEARCH",
            help="Go on with the search in this folder; the other options "
            "are those it was begun with.",
        ),
    ] = None,
    debug: Debug = False,
):
    """Search for better settings; the last line printed is the best run."""
    request = {
        "choices": parse_settings(choices, "--choose"),
        "ranges": parse_settings(ranges, "--range"),
        "settings": parse_settings(settings),
    }
    start()
    from keras_nn.applications import resume_search
    from keras_nn.applications import tune as search_settings

    verbose = 1 if sys.stdout.isatty() else 2
    if resume is not None:
        found = resume_search(resume, verbose)
    else:
        found = search_settings(
            application,
            method=search,
            trials=trials,
            objective=objective,
            direction=direction,
            recipe=recipe,
            data=data,
            epochs=epochs,
            batch_size=batch_size,
            folds=folds,
            strategy=strategy,
            precision=precision,
            log_dir=log_dir,
            seed=seed,
            verbose=verbose,
            **request,
        )
    _print_trials(found)
    typer.echo(f"TensorBoard: keras-nn inspect {found.path}")
    typer.echo(str(found.best.path))


def _print_trials(search):
    names = list(search.config["space"])
    objective = search.config["objective"]
    rows = []
    for trial in search.trials:
        values = [_text(trial["values"][name]) for name in names]
        if "epochs" in trial:
            values.append(trial["epochs"])
        outcome = trial["status"].lower()
        if trial["objective"] is not None:
            outcome = f"{trial['objective']:.4f}"
        rows.append((trial["run"] or trial["trial"], *values, outcome))
    if any("epochs" in trial for trial in search.trials):
        names.append("epochs")
    title = f"{search.config['application']}: {search.config['method']} search"
    print_table(title, ("trial", *names, objective), rows)
    for trial in search.trials:
        if trial["message"]:
            typer.echo(f"{trial['run']} failed: {trial['message']}", err=True)


def _text(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)
