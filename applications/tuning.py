import contextlib
import io
import os

import keras

from keras_nn import data as datasets
from keras_nn.applications import catalogue
from keras_nn.applications.cross_validation import cross_validate
from keras_nn.applications.fit_recipe import fit_recipe
from keras_nn.applications.fit_recipe import versions
from keras_nn.applications.objective import direction_of
from keras_nn.applications.recipe import check_count
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.recipe_data import choose_recipe
from keras_nn.applications.search import OF_TUNER
from keras_nn.applications.search import Search
from keras_nn.applications.search import trial_name
from keras_nn.applications.search_space import Choice
from keras_nn.applications.search_space import Range
from keras_nn.applications.search_space import search_space
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest

SEARCHES = ("grid", "random", "bayesian", "hyperband")


def tune(
    application,
    choices=None,
    ranges=None,
    method="random",
    trials=None,
    objective=None,
    direction=None,
    recipe=None,
    data=None,
    epochs=None,
    folds=None,
    settings=None,
    log_dir="runs",
    seed=0,
    verbose="auto",
    **kwargs,
):
    """Trains an application again and again, in search of better settings.

    Every trial is a run like any other, in the folder `trial-<id>`, and
    trained from the same `seed`, so trials differ by their settings alone.
    The trials' values are drawn from `seed + 1`. What counts is the objective
    on the validation part at the end of a trial, or, with `folds`, the mean
    over the folds' test parts; the test set of the data has no say. A trial
    that fails is marked as such; three in a row end the search.

    Args:
        application: str. One of `catalogue.names()`.
        choices: dict or None. Settings and the values to choose from; see
            `search_space`.
        ranges: dict or None. Settings and the ranges to draw from.
        method: str. `"grid"`: every combination, a range of fractions by ten
            values; `"random"`; `"bayesian"`: a Gaussian process guesses where
            it is worth looking; `"hyperband"`: many short trials, the best of
            them trained anew, from the start, with more epochs.
        trials: int or None. How many, at most. Defaults to 10; for
            `"grid"` and `"hyperband"`, to as many as there are.
        objective: str or None. A metric of the application, or `"loss"`.
            Defaults to the metric that the recipe expects something of, if
            validation data are measured by it, too, or to `"loss"`.
        direction: str or None. `"min"` or `"max"`. Defaults to what is usual
            for the objective.
        recipe: as in `fit_recipe`.
        data: as in `fit_recipe`.
        epochs: as in `fit_recipe`; of `"hyperband"` those of its longest
            trials.
        folds: int or None. Folds of a cross-validation for each trial.
        settings: dict or None. Settings that all trials share.
        log_dir: str. Where runs are collected.
        seed: int.
        verbose: as in `keras.Model.fit`.
        **kwargs: further arguments of `fit_recipe`.

    Returns:
        `Search`: the folder of all of it.

    Raises:
        ImportError: without keras-tuner; `pip install "keras-nn[tune]"`.
        UnknownChoice: if a name or a value is not on offer.

    Example:

    >>> import tempfile
    >>> search = tune(
    ...     "image-classifier",
    ...     choices={"learning_rate": [1e-3, 1e-2]},
    ...     method="grid",
    ...     epochs=1,
    ...     log_dir=tempfile.mkdtemp(),
    ...     verbose=0,
    ... )
    >>> [trial["values"] for trial in search.trials]
    [{'learning_rate': 0.001}, {'learning_rate': 0.01}]

    Reference:
        [Li et al., 2018](https://arxiv.org/abs/1603.06560), Hyperband.
    """
    _keras_tuner()
    cls = catalogue.get(application)
    if method not in SEARCHES:
        raise UnknownChoice("search", method, SEARCHES)
    for name, value in (("trials", trials), ("folds", folds)):
        if value is not None:
            check_count(name, value)
    recipe = choose_recipe(cls, recipe, data)
    resolve_settings(
        cls.default_settings(), cls.setting_choices(), settings or {}
    )
    space = search_space(cls, choices or {}, ranges or {})
    if method == "hyperband" and "epochs" in space:
        raise WrongRequest(
            "Hyperband chooses the epochs of a trial itself. Received: "
            "`epochs` among the settings to vary"
        )
    if objective is None:
        expected = recipe.expectation
        known = expected is not None and expected.validated
        objective = expected.metric if known else "loss"
    if trials is None and method in ("random", "bayesian"):
        trials = 10
    if data is not None and data not in datasets.names():
        data = os.path.abspath(data)
    fit = {"recipe": recipe.name, "data": data, "settings": settings or {}}
    fit |= {"epochs": epochs or recipe.fit["epochs"], "seed": seed, **kwargs}
    search = Search.create(
        log_dir,
        application,
        {
            "method": method,
            "trials": trials,
            "objective": objective,
            "direction": direction_of(objective, direction),
            "space": {name: vars(values) for name, values in space.items()},
            "folds": folds,
            "fit": fit,
            "versions": versions(),
        },
    )
    return resume_search(search.path, verbose)


def resume_search(path, verbose="auto"):
    """Goes on with a search that was interrupted, at the trial it was in.

    Args:
        path: str. The folder of the search.
        verbose: as in `keras.Model.fit`.

    Returns:
        `Search`: the same folder.

    Example:

    >>> import tempfile
    >>> search = tune(
    ...     "image-classifier",
    ...     choices={"dropout": [0.1]},
    ...     trials=1,
    ...     epochs=1,
    ...     log_dir=tempfile.mkdtemp(),
    ...     verbose=0,
    ... )
    >>> resume_search(search.path).trials == search.trials  # nothing is left
    True
    """
    kt = _keras_tuner()
    search = Search.open(path)
    tuner = _tuner(kt, search, verbose)
    try:
        tuner.search()
    except kt.errors.FatalError as error:
        raise error.__cause__ from None
    return search


def _tuner(kt, search, verbose):
    """A tuner of keras-tuner whose trials are runs."""

    class RunTuner(kt.engine.base_tuner.BaseTuner):
        def run_trial(self, trial):
            try:
                return _run_trial(search, trial, verbose)
            except WrongRequest as error:
                raise kt.errors.FatalError(str(error)) from error

        def on_trial_end(self, trial):
            try:
                super().on_trial_end(trial)
            finally:
                search.record(self.oracle.trials.values())

    config = search.config
    space = kt.HyperParameters()
    for name, values in config["space"].items():
        kind = Choice if "values" in values else Range
        kind(**values).declare(space, name)
    oracles = {
        "grid": kt.oracles.GridSearchOracle,
        "random": kt.oracles.RandomSearchOracle,
        "bayesian": kt.oracles.BayesianOptimizationOracle,
        "hyperband": kt.oracles.HyperbandOracle,
    }
    size = {"max_trials": config["trials"]}
    if config["method"] == "hyperband":
        size = {"max_epochs": config["fit"]["epochs"]}
    oracle = oracles[config["method"]](
        objective=kt.Objective(config["objective"], config["direction"]),
        hyperparameters=space,
        # keras-tuner takes the seed 0 for none.
        seed=config["fit"]["seed"] + 1,
        **size,
    )
    oracle.max_trials = config["trials"]
    oracle.verbose = 0
    with contextlib.redirect_stdout(io.StringIO()):  # "Reloading Tuner ..."
        return RunTuner(oracle, directory=search.path, project_name="search")


def _run_trial(search, trial, verbose):
    """Trains with the values of a trial: its objective."""
    config = search.config
    values = dict(trial.hyperparameters.values)
    fit = {**config["fit"], "verbose": verbose, "log_dir": search.path}
    fit["run_name"] = trial_name(trial.trial_id)
    if config["method"] == "hyperband":
        fit["epochs"] = values[f"{OF_TUNER}epochs"]
    for name in ("epochs", "batch_size"):
        if name in values:
            fit[name] = values.pop(name)
    varied = {k: v for k, v in values.items() if not k.startswith(OF_TUNER)}
    fit["settings"] = {**fit["settings"], **varied}
    if config["folds"]:
        run = cross_validate(config["application"], config["folds"], **fit)
        found = run.metrics["test"]
    else:
        history = keras.callbacks.History()
        fit_recipe(config["application"], extra_callbacks=[history], **fit)
        found = {
            name.removeprefix("val_"): values[-1]
            for name, values in history.history.items()
            if name.startswith("val_")
        }
    if config["objective"] not in found:
        raise UnknownChoice("objective", config["objective"], found)
    return {config["objective"]: found[config["objective"]]}


def _keras_tuner():
    try:
        import keras_tuner
    except ImportError as error:
        raise ImportError(
            'A search needs keras-tuner: `pip install "keras-nn[tune]"`. '
            f"Received: {error}"
        ) from error
    return keras_tuner
