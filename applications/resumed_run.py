"""A run that is gone on with, by its own configuration."""

from pathlib import Path

from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.run import Run
from keras_nn.applications.unknown_choice import WrongRequest


def contradiction(name, value, stored):
    return WrongRequest(
        "A run is resumed with the options that it was begun with. Leave "
        f"`{name}` out, or begin another run. It was {name}={stored!r}. "
        f"Received: {name}={value!r}"
    )


def arguments_of(config):
    """The arguments of `fit_recipe` that a run was begun with: a dict."""
    stored = dict(config)
    fit = stored.pop("fit")
    del stored["versions"]
    return {
        **stored,
        "epochs": fit["epochs"],
        "batch_size": fit["batch_size"],
    }


def resumed_run(path, given):
    """The run at `path` and its arguments.

    Args:
        path: str or path. The run folder.
        given: dict. The arguments of `fit_recipe`, as it got them; None is
            what was not given.

    Returns:
        `(run, arguments)`.

    Raises:
        ValueError: if the folder is no run, or is damaged.
        WrongRequest: if an argument differs from that of the run, be it the
            default of a run that begins.
    """
    run = Run.open(path)
    stored = arguments_of(run.config)
    for name, value in given.items():
        if value is None:
            continue
        if name == "settings":
            _check_settings(value, stored["settings"])
        elif name == "log_dir":
            if Path(value).resolve() not in run.path.resolve().parents:
                raise contradiction(name, str(value), str(run.path.parent))
        elif name == "run_name":
            if value != run.path.name:
                raise contradiction(name, value, run.path.name)
        elif value != stored.get(name):
            raise contradiction(name, value, stored.get(name))
    return run, stored


def _check_settings(given, stored):
    wanted = resolve_settings(stored, {}, given)
    for name in given:
        if wanted[name] != stored[name]:
            raise contradiction(f"settings {name}", wanted[name], stored[name])
