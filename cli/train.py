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

Strategy = Literal["none", "mirrored", "multiworker", "tpu", "auto"]
Precision = Literal[
    "float32", "bfloat16", "float16", "mixed_bfloat16", "mixed_float16"
]


@reported
def train(
    application: ApplicationName,
    recipe: Annotated[
        str | None,
        typer.Option(help="A recipe; see `keras-nn list`. The first if none."),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|PATH",
            help="A named data set; or a path: your own data, or where the "
            "recipe's official files lie.",
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the data.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Examples per step.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A setting; repeats."),
    ] = None,
    strategy: Annotated[
        Strategy | None,
        typer.Option(
            help="mirrored: every GPU; multiworker: see `keras-nn launch`; "
            "auto: what the environment shows.",
            show_default="none",
        ),
    ] = None,
    precision: Annotated[
        Precision | None,
        typer.Option(
            help="What the network computes in; mixed_ are Keras's names.",
            show_default="float32",
        ),
    ] = None,
    accumulate: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Batches to an update, as of a batch that much larger.",
            show_default="1",
        ),
    ] = None,
    log_dir: Annotated[
        Path | None,
        typer.Option(help="Where runs are collected.", show_default="runs"),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, help="Of split, weights and order.", show_default="0"
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="Go on with an interrupted run, by its own options; others "
            "beside it must agree with them.",
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(min=2, help="Cross-validate: one run for each fold."),
    ] = None,
    debug: Debug = False,
):
    """Train an application; the last line printed is the run folder."""
    overrides = parse_settings(settings)
    start()
    from keras_nn.applications import Run
    from keras_nn.applications import cross_validate
    from keras_nn.applications import fit_recipe
    from keras_nn.training import is_chief

    if resume is not None and Run.open(resume).is_finished:
        typer.echo("The run had finished: there is nothing to go on with.")
    fit, how = fit_recipe, {}
    if folds is not None:
        if resume is not None:
            raise typer.BadParameter(
                "--resume goes on with one run; --folds begins several."
            )
        fit, how = cross_validate, {"folds": folds}
    given = {
        "recipe": recipe,
        "data": data,
        "epochs": epochs,
        "batch_size": batch_size,
        "settings": overrides,
        "strategy": strategy,
        "precision": precision,
        "accumulate": accumulate,
        "log_dir": log_dir,
        "seed": seed,
        "resume": resume,
    }
    run = fit(
        application,
        # A progress bar on a terminal, one line an epoch in a log file.
        verbose=1 if sys.stdout.isatty() else 2,
        **{name: value for name, value in given.items() if value is not None},
        **how,
    )
    if not is_chief():
        return
    if folds is not None:
        _print_folds(application, run)
        return
    metrics = run.metrics
    rows = [
        (f"test {name}", f"{value:.4f}")
        for name, value in metrics["test"].items()
    ]
    rows.append(("seconds of training", f"{metrics['train_seconds']:.1f}"))
    title = f"{application}: {run.config['recipe']}"
    print_table(title, ("measured", "value"), rows)
    typer.echo(f"Model card:  {run.path / 'MODEL_CARD.md'}")
    typer.echo(f"TensorBoard: keras-nn inspect {run.path}")
    typer.echo(f"Predictions: keras-nn predict {run.path} --input PATH")
    typer.echo(str(run.path))


def _print_folds(application, run):
    metrics = run.metrics
    rows = [
        (
            f"test {name}",
            f"{mean:.4f}",
            f"{metrics['deviations'][name]:.4f}",
            "{:.4f} to {:.4f}".format(*metrics["intervals"][name]),
        )
        for name, mean in metrics["test"].items()
    ]
    print_table(
        f"{application}: {len(metrics['folds'])} folds",
        ("measured", "mean", "deviation", "95 % t-interval of the mean"),
        rows,
    )
    typer.echo(f"TensorBoard: keras-nn inspect {run.path}")
    typer.echo(str(run.path))
