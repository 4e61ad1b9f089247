"""A run that is gone on with, by its own configuration."""

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


def resumed_run(path, given, defaults):
    """The run at `path` and its arguments.

    Args:
        path: str or path. The run folder.
        given: dict. The arguments of `fit_recipe`, as it got them.
        defaults: dict. Their defaults, which contradict nothing.

    Returns:
        `(run, arguments)`.

    Raises:
        ValueError: if the folder is no run, or is damaged.
        WrongRequest: if an argument differs from that of the run.
    """
    run = Run.open(path)
    stored = arguments_of(run.config)
    for name, value in given.items():
        if name not in stored or value == defaults.get(name):
            continue
        if name == "settings":
            for key, wanted in (value or {}).items():
                if str(wanted) != str(stored["settings"].get(key)):
                    raise contradiction(
                        f"settings {key}", wanted, stored["settings"].get(key)
                    )
        elif value != stored[name]:
            raise contradiction(name, value, stored[name])
    return run, stored
