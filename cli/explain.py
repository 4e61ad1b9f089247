from pathlib import Path
from typing import Annotated
from typing import Literal

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.arguments import parse_settings
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start
from keras_nn_cli.tables import print_rows


@reported
def explain(
    run: RunFolder,
    input: Annotated[Path, typer.Option(help="A file, or a folder of files.")],
    method: Annotated[
        str,
        typer.Option(
            help="integrated-gradients, gradcam, layer-wise-relevance, "
            "occlusion, kernel-shap, lime ...; a wrong one lists all."
        ),
    ] = "integrated-gradients",
    label: Annotated[
        str | None,
        typer.Option(help="The class to explain. Default: the predicted one."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="key=value: an option of the method. Repeatable."
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Folder to write. Default: RUN/explanations."),
    ] = None,
    output: Annotated[
        Literal["csv", "json"], typer.Option(help="How to print.")
    ] = "csv",
    debug: Debug = False,
):
    """Draw what in your pictures or clips a trained model looked at."""
    settings = parse_settings(settings)
    start()
    from keras_nn.applications import Run

    run = Run.open(run)
    app = run.load()
    if not hasattr(app, "explain_path"):
        raise ValueError(
            "image-classifier, image-segmenter, object-detector and "
            "video-classifier are explained from files; for other models "
            "there is keras_nn.explain. Received: a run of "
            f"{run.config['application']}"
        )
    rows = app.explain_path(
        input, to or run.path / "explanations", method, label, settings
    )
    print_rows(rows, output)
