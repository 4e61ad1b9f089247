from pathlib import Path
from typing import Annotated

import typer

from keras_nn_cli.arguments import RunFolder
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start

TEXT = ("prompt", "tokens", "top_k", "top_p", "min_p")
TEXT += ("repetition_penalty", "stop")
PICTURES = ("count", "output", "labels", "guidance", "steps", "sampler")


@reported
def generate(
    context: typer.Context,
    run: RunFolder,
    prompt: Annotated[
        str,
        typer.Option(
            help="How the text begins, a line's end if none; or what to "
            "translate."
        ),
    ] = "\n",
    tokens: Annotated[
        int, typer.Option(min=1, help="How many tokens to write.")
    ] = 500,
    temperature: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="0: the most probable token, always. Pictures: the scale of "
            "the noise, below 1 more usual ones; what the run says, if none.",
        ),
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
    count: Annotated[int, typer.Option(min=1, help="Pictures: how many.")] = 64,
    output: Annotated[
        Path, typer.Option(help="Pictures: the file to write.")
    ] = Path("grid.png"),
    labels: Annotated[
        str | None,
        typer.Option(
            help="Pictures: of which classes, as `3,7`, or values of the "
            "first code of an InfoGAN. Of all."
        ),
    ] = None,
    guidance: Annotated[
        float | None,
        typer.Option(help="Pictures: how strongly of their class."),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Pictures: steps out of noise."),
    ] = None,
    sampler: Annotated[
        str | None,
        typer.Option(
            help="Pictures of a diffusion model: ddim, ddpm, dpm-solver++, "
            "euler, euler-ancestral, heun or unipc."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Another, another text or pictures.")
    ] = 0,
    debug: Debug = False,
):
    """Write text as it comes, a translation, or pictures into a file."""
    start()
    from keras_nn.applications import Run
    from keras_nn.applications import WrongRequest

    run = Run.open(run)
    app = run.load()
    if not hasattr(app, "generate") and not hasattr(app, "translate"):
        raise WrongRequest(
            "Text generators and translators write, image generators draw. "
            f"Received: a run of {run.config['application']}"
        )
    draws = hasattr(app, "generate_file")
    translates = hasattr(app, "translate")
    refused = TEXT if draws else PICTURES
    if translates:
        refused = (*TEXT[1:], "temperature", *PICTURES)

    def is_given(name):
        source = context.get_parameter_source(name)
        return source is not None and source.name == "COMMANDLINE"

    for name in refused:
        if is_given(name):
            raise WrongRequest(
                f"--{name.replace('_', '-')} is not for a run of "
                f"{run.config['application']}. Received: {name}"
            )
    if draws:
        names = labels and [name.strip() for name in labels.split(",")]
        app.generate_file(
            output,
            count,
            names,
            seed,
            guidance=guidance,
            steps=steps,
            sampler=sampler,
            temperature=temperature if is_given("temperature") else None,
        )
        typer.echo(str(output))
        return
    if translates:
        typer.echo(app.translate(prompt))
        return
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
