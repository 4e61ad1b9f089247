import contextlib
import dataclasses
import importlib.metadata
import os
import platform

import keras
import numpy as np

from keras_nn import callbacks
from keras_nn import data as datasets
from keras_nn import training
from keras_nn.applications import catalogue
from keras_nn.applications.energy import EnergyMeter
from keras_nn.applications.evaluation import evaluate_splits
from keras_nn.applications.recipe import check_count
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.recipe_data import choose_recipe
from keras_nn.applications.recipe_data import read_splits
from keras_nn.applications.recipe_data import with_validation
from keras_nn.applications.resumed_run import resumed_run
from keras_nn.applications.run import Run
from keras_nn.applications.unknown_choice import UnknownChoice

POLICIES = {
    "float32": "float32",
    "bfloat16": "mixed_bfloat16",
    "float16": "mixed_float16",
    "mixed_bfloat16": "mixed_bfloat16",
    "mixed_float16": "mixed_float16",
}
PRECISIONS = tuple(POLICIES)
CHECKPOINT_SECONDS = 600  # beside the checkpoint at the end of each epoch
PACKAGES = ("keras-nn", "keras", "tensorflow", "numpy")


def fit_recipe(
    application,
    recipe=None,
    data=None,
    epochs=None,
    batch_size=None,
    settings=None,
    strategy=None,
    precision=None,
    accumulate=None,
    log_dir=None,
    seed=None,
    verbose="auto",
    resume=None,
    fold=None,
    run_name=None,
    extra_callbacks=(),
):
    """Trains an application as a recipe says, into a run folder.

    Args:
        application: str. One of `catalogue.names()`.
        recipe: str or None. One of its recipes. Defaults to its first; for
            data of your own, to its recipe for those.
        data: str or None. A name of `keras_nn.data.names()`; or a path: your
            own data, or where the official files of the recipe's data lie.
        epochs: int or None. Defaults to the recipe's.
        batch_size: int or None. Examples per step. Defaults to the recipe's.
        settings: dict or None. Settings that differ from the recipe's.
        strategy: str. A name that `keras_nn.training.strategy` takes.
            Defaults to `"none"`.
        precision: str. What the network computes in: `"float32"`, the default,
            `"bfloat16"` or `"float16"`, both with weights in float32 (Keras's
            names `"mixed_bfloat16"` and `"mixed_float16"` mean the same).
        accumulate: int. Batches to an update, which is then that of
            `batch_size * accumulate` examples in the memory of `batch_size`.
            Schedules count updates. Defaults to 1.
        log_dir: str. Where runs are collected. Defaults to `"runs"`.
        seed: int. Of the split, the initial weights, and the order of data.
            Defaults to 0.
        verbose: as in `keras.Model.fit`.
        resume: str, path or None. The folder of a run that was interrupted,
            to go on with, by its own configuration and from its latest
            checkpoint; a run that was finished is returned as it is. What is
            given beside it must be what the run was begun with.
        fold: pair of int or None. `(i, k)`: part `i`, from 1, of `k` of the
            training data is the test part; see `cross_validate`.
        run_name: str or None. Makes the run folder `log_dir/<run_name>`.
        extra_callbacks: further callbacks for `fit`.

    Returns:
        `Run`: the folder, complete; for a worker that is not the chief, a
        temporary one.

    Raises:
        UnknownChoice: if a name or a value is not on offer, or differs from
            that of the run to resume.

    Example:

    >>> import tempfile
    >>> run = fit_recipe(
    ...     "image-classifier",
    ...     epochs=1,
    ...     log_dir=tempfile.mkdtemp(),
    ...     verbose=0,
    ... )
    >>> sorted(run.metrics)
    ['test', 'train_seconds']"""
    run = None
    if resume is not None:
        run, stored = resumed_run(
            resume,
            {
                "application": application,
                "recipe": recipe,
                "data": data if data is None else _absolute(data),
                "epochs": epochs,
                "batch_size": batch_size,
                "settings": settings,
                "strategy": strategy,
                "precision": POLICIES.get(precision, precision),
                "accumulate": accumulate,
                "log_dir": log_dir,
                "seed": seed,
                "fold": fold if fold is None else list(fold),
                "run_name": run_name,
            },
        )
        if run.is_finished:
            return run
        recipe, data, settings = map(stored.get, ("recipe", "data", "settings"))
        epochs, batch_size = stored["epochs"], stored["batch_size"]
        strategy, precision = stored["strategy"], stored["precision"]
        accumulate, seed = stored["accumulate"], stored["seed"]
        fold = run.config.get("fold")
    strategy = "none" if strategy is None else strategy
    precision = "float32" if precision is None else precision
    accumulate = 1 if accumulate is None else accumulate
    log_dir = "runs" if log_dir is None else log_dir
    seed = 0 if seed is None else seed
    cls = catalogue.get(application)
    _check_choice("strategy", strategy, training.STRATEGIES)
    _check_choice("precision", precision, PRECISIONS)
    recipe = choose_recipe(cls, recipe, data)
    settings = resolve_settings(
        cls.default_settings(),
        cls.setting_choices(),
        recipe.settings,
        settings or {},
    )
    fit = dict(recipe.fit)
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value is not None:
            check_count(name, value)
            fit[name] = value
    check_count("accumulate", accumulate)
    check_count("repeats", settings.get("repeats", 1))
    policy = POLICIES[precision]

    strategy_of_run = training.strategy(strategy)  # workers must connect first
    keras.utils.set_random_seed(seed)
    splits = read_splits(cls, recipe, data, seed, settings, fold)
    splits = with_validation(splits, settings, seed)
    if run is None:
        run = Run.create(
            log_dir,
            application,
            {
                "recipe": recipe.name,
                "data": data if data is None else _absolute(data),
                "settings": settings,
                "fit": fit,
                "strategy": strategy,
                "precision": policy,
                "accumulate": accumulate,
                "seed": seed,
                "fold": fold,
                "versions": versions(),
            },
            run_name,
        )
    folder = run.path / "checkpoint"
    if resume is not None and not training.is_chief():
        run = Run.create(log_dir, application, run.config)  # a temporary one
    learnt = repeated(splits, settings)
    with strategy_of_run.scope(), _policy(policy):
        app = cls.from_recipe(
            recipe,
            learnt,
            epochs=fit["epochs"],
            batch_size=fit["batch_size"] * accumulate,
            **settings,
        )
        app.accumulate(accumulate)
    checkpoint = callbacks.Checkpoint(
        folder,
        every_seconds=CHECKPOINT_SECONDS,
        on_terminate=True,
    )
    with EnergyMeter() as energy:
        app.fit(
            learnt.train,
            batch_size=fit["batch_size"],
            epochs=fit["epochs"],
            validation_data=splits.validation,
            verbose=verbose if training.is_chief() else 0,
            callbacks=[
                *app.inspectors(
                    run.path, splits.validation, hparams=_hparams(run.config)
                ),
                *app.training_callbacks(settings),
                checkpoint,
                *extra_callbacks,
            ],
        )
    seconds = checkpoint.seconds
    app.save(run.model_path)
    _report(run, app, recipe, splits, seconds, energy.describe())
    return run


def versions():
    """Versions of what a run depends on: a dict."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **found}


def _report(run, app, recipe, splits, seconds, energy):
    metrics, intervals = evaluate_splits(app, splits, run.config["settings"])
    run.write(
        "metrics.json",
        {
            "test": metrics,
            "train_seconds": round(seconds, 2),
        },
    )
    config = run.config
    card = app.model_card(
        title=f"{config['application']}: {recipe.name}",
        summary=recipe.summary,
        splits=splits,
        metrics=metrics,
        intervals=intervals,
        expectation=recipe.expectation,
        training={
            "Seconds": f"{seconds:.1f}",
            "Epochs": config["fit"]["epochs"],
            "Batch size": config["fit"]["batch_size"],
            "Batches to an update": config["accumulate"],
            "Precision": config["precision"],
            "Strategy": config["strategy"],
            **{f"`{k}`": v for k, v in config["settings"].items()},
        },
        seed=config["seed"],
        energy=energy,
        versions=config["versions"],
    )
    run.write("MODEL_CARD.md", card)


def _hparams(config):
    facts = {**config["settings"], **config["fit"]}
    facts |= {
        k: config[k] for k in ("recipe", "precision", "accumulate", "seed")
    }
    return {
        name: value
        for name, value in facts.items()
        if isinstance(value, bool | int | float | str)
    }


def repeated(splits, settings):
    """The training examples so often in a pass as the settings say.

    Few pictures are drawn anew each time that they are seen; what comes once
    a pass, such as validation, then comes less often.
    """
    repeats = settings.get("repeats", 1)
    if repeats == 1:
        return splits
    order = np.tile(np.arange(len(splits.train)), repeats)
    return dataclasses.replace(splits, train=splits.train[order])


@contextlib.contextmanager
def _policy(precision):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _absolute(data):
    return data if data in datasets.names() else os.path.abspath(data)


def _check_choice(what, value, choices):
    if value not in choices:
        raise UnknownChoice(what, value, choices)
