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
    input: Annotated[
        Path | None, typer.Option(help="A file, or a folder of files.")
    ] = None,
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
    compare: Annotated[
        list[str] | None,
        typer.Option(
            help="In place of --method, several: one row each, with measures "
            "of their faithfulness. Repeatable."
        ),
    ] = None,
    concepts: Annotated[
        Path | None,
        typer.Option(
            help="A folder with a folder of pictures for each concept, and "
            "one called random: does the class of --label depend on them?"
        ),
    ] = None,
    visualize: Annotated[
        str | None,
        typer.Option(
            metavar="LAYER[:UNITS]",
            help="Pictures that excite units of a layer, as in conv_3:0,5; "
            "classes, or classes:cat,dog, stands for the outputs.",
        ),
    ] = None,
    influence: Annotated[
        bool,
        typer.Option(
            "--influence",
            help="Training pictures that helped and harmed the predictions; "
            "without --input those that are like no other of their class, "
            "such as wrongly labelled ones.",
        ),
    ] = False,
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
    asked = {
        "--compare": compare,
        "--concepts": concepts,
        "--visualize": visualize,
        "--influence": influence,
    }
    asked = [name for name, value in asked.items() if value]
    if len(asked) > 1:
        raise typer.BadParameter(
            f"one question at a time. Received: {' and '.join(asked)}"
        )
    if input is None and not (visualize or influence):
        raise typer.BadParameter("--input names your files. Received: none")
    start()
    from keras_nn.applications import Run

    run = Run.open(run)
    app = run.load()
    folder = to or run.path / "explanations"
    if asked:
        _check_classifier(app, run, asked[0])
    elif not hasattr(app, "explain_path"):
        raise ValueError(
            "image-classifier, image-segmenter, object-detector and "
            "video-classifier are explained from files; for other models "
            "there is keras_nn.explain. Received: a run of "
            f"{run.config['application']}"
        )
    if compare:
        from keras_nn.applications import compared_explanations as several

        rows = several.compare_explanations(
            app, input, folder, compare, label, settings
        )
    elif concepts:
        from keras_nn.applications.picture_concepts import explain_concepts

        rows = explain_concepts(app, input, concepts, folder, label, settings)
    elif visualize:
        from keras_nn.applications.picture_features import visualize_features

        rows = visualize_features(app, visualize, folder, settings)
    elif influence:
        from keras_nn.applications import picture_influences
        from keras_nn.applications.recipe_data import run_splits

        train = run_splits(run.config).train
        if input is None:
            rows = picture_influences.suspicious_training(
                app, train, folder, settings
            )
        else:
            rows = picture_influences.explain_by_training(
                app, train, input, folder, label, settings
            )
    else:
        rows = app.explain_path(input, folder, method, label, settings)
    print_rows(rows, output)


def _check_classifier(app, run, option):
    from keras_nn.applications import ImageClassifier

    if not isinstance(app, ImageClassifier):
        raise ValueError(
            f"{option} is for runs of image-classifier. Received: a run of "
            f"{run.config['application']}"
        )
