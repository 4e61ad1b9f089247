from typing import Annotated

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start


@reported
def generate(
    run: RunFolder,
    prompt: Annotated[
        str, typer.Option(help="How the text begins. A line's end if none.")
    ] = "\n",
    tokens: Annotated[
        int, typer.Option(min=1, help="How many tokens to write.")
    ] = 500,
    temperature: Annotated[
        float,
        typer.Option(min=0.0, help="0: the most probable token, always."),
    ] = 0.8,
    top_k: Annotated[
        int | None, typer.Option(min=1, help="Draw from so many tokens.")
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(help="Draw from the tokens of this probability."),
    ] = None,
    min_p: Annotated[
        float | None,
        typer.Option(
            help="Draw from tokens this share as probable as the best."
        ),
    ] = None,
    repetition_penalty: Annotated[
        float, typer.Option(help="Above 1: tokens that were there are rarer.")
    ] = 1.0,
    stop: Annotated[
        str | None, typer.Option(help="A token with which the text ends.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Another, another text.")
    ] = 0,
    debug: Debug = False,
):
    """Write text with a trained text generator, as it comes."""
    start()
    from keras_nn.applications import Run
    from keras_nn.applications import WrongRequest

    run = Run.open(run)
    app = run.load()
    if not hasattr(app, "generate"):
        raise WrongRequest(
            "Only a text generator writes text. Received: a run of "
            f"{run.config['application']}"
        )
    begun = False

    def show(pieces):
        nonlocal begun
        # Not before the first token: a refused prompt prints nothing.
        typer.echo(("" if begun else prompt) + pieces[0], nl=False)
        begun = True

    app.generate(
        prompt,
        tokens,
        temperature,
        top_k,
        top_p,
        min_p,
        repetition_penalty,
        stop,
        seed=seed,
        on_text=show,
    )
    typer.echo()
