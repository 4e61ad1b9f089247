import typer

from keras_nn_cli.arguments import application_names
from keras_nn_cli.errors import Debug
from keras_nn_cli.errors import reported
from keras_nn_cli.start import start
from keras_nn_cli.tables import print_table


@reported
def list_applications(debug: Debug = False):
    """Show the applications and their recipes."""
    start()
    from keras_nn.applications import get

    for name in application_names():
        application = get(name)
        rows = [
            (
                recipe.name,
                recipe.summary,
                _expected(recipe.expectation),
            )
            for recipe in application.recipes()
        ]
        print_table(name, ("recipe", "what it is", "expected"), rows)
    typer.echo("Train one: keras-nn train APP --recipe RECIPE")


def _expected(expectation):
    if expectation is None:
        return ""
    facts = []
    if expectation.value is not None:
        facts.append(f"{expectation.metric} {expectation.value:g}")
    if expectation.minutes is not None:
        facts.append(f"{expectation.minutes:g} min on 2 cores")
    if expectation.published is not None:
        facts.append(
            f"published {expectation.published:g} ({expectation.source})"
        )
    return "; ".join(facts)
