import contextlib
import importlib.metadata
import os
import platform
import time

import keras
import tensorflow as tf

from keras_nn import data as datasets
from keras_nn.applications import catalogue
from keras_nn.applications.energy import EnergyMeter
from keras_nn.applications.model_card import interval
from keras_nn.applications.recipe import check_count
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.run import Run
from keras_nn.applications.unknown_choice import UnknownChoice

STRATEGIES = ("none", "mirrored", "auto")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
PACKAGES = ("keras-nn", "keras", "tensorflow", "numpy")


def fit_recipe(
    application,
    recipe=None,
    data=None,
    epochs=None,
    batch_size=None,
    settings=None,
    strategy="none",
    precision="float32",
    log_dir="runs",
    seed=0,
    verbose="auto",
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
        strategy: str. `"none"`, `"mirrored"` (every GPU of this machine) or
            `"auto"` (mirrored if there are several GPUs).
        precision: str. `"float32"`, `"mixed_bfloat16"` or `"mixed_float16"`.
        log_dir: str. Where runs are collected.
        seed: int. Of the split, the initial weights, and the order of data.
        verbose: as in `keras.Model.fit`.

    Returns:
        `Run`: the folder, complete.

    Raises:
        UnknownChoice: if a name or a value is not on offer.
    """
    cls = catalogue.get(application)
    _check_choice("strategy", strategy, STRATEGIES)
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

    keras.utils.set_random_seed(seed)
    splits = read_splits(cls, recipe, data, seed, settings)
    splits = _with_validation(splits, settings, seed)
    run = Run.create(
        log_dir,
        application,
        {
            "recipe": recipe.name,
            "data": data if data is None else _absolute(data),
            "settings": settings,
            "fit": fit,
            "strategy": strategy,
            "precision": precision,
            "seed": seed,
            "versions": versions(),
        },
    )
    with _scope(strategy), _policy(precision):
        app = cls.from_recipe(recipe, splits, **fit, **settings)
    start = time.perf_counter()
    with EnergyMeter() as energy:
        app.fit(
            splits.train,
            batch_size=fit["batch_size"],
            epochs=fit["epochs"],
            validation_data=splits.validation,
            verbose=verbose,
            callbacks=[
                *app.inspectors(run.path, splits.validation),
                keras.callbacks.ModelCheckpoint(
                    run.path / "checkpoint" / "latest.keras"
                ),
            ],
        )
    seconds = time.perf_counter() - start
    app.save(run.model_path)
    _report(run, app, recipe, splits, seconds, energy.describe())
    return run


def choose_recipe(cls, name, data):
    """The recipe of this name, or the one that suits the data."""
    if name is not None or data is None:
        return catalogue.get_recipe(cls, name)
    named = data in datasets.names()
    for recipe in cls.recipes():
        if recipe.data == (data if named else None):
            return recipe
    return catalogue.get_recipe(cls)


def read_splits(cls, recipe, data, seed, settings):
    """The data of a run: a named set, or what lies under a path."""
    if data is None:
        if recipe.data is None:
            raise _usage(
                f"Recipe {recipe.name} trains on your own data; say where it "
                "is: `--data PATH`. Received: no data"
            )
        return datasets.load(recipe.data, seed=seed)
    if data in datasets.names():
        return datasets.load(data, seed=seed)
    if not os.path.exists(data):
        raise _usage(
            f"`data` is neither a path nor one of the data sets "
            f"{', '.join(datasets.names())}. Received: {data!r}"
        )
    return cls.read_data(data, recipe, seed, settings)


def versions():
    """Versions of what a run depends on: a dict."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **found}


def evaluate(app, split):
    """Test metrics and their bootstrap intervals: two dicts."""
    metrics = app.evaluate(split, verbose=0, return_dict=True)
    metrics = {name: float(value) for name, value in metrics.items()}
    scores = app.example_scores(split)
    spread = {name: interval(scores[name]) for name in scores}
    return metrics, {n: s for n, s in spread.items() if n in metrics}


def _report(run, app, recipe, splits, seconds, energy):
    metrics, intervals = evaluate(app, splits.test)
    run.write(
        "metrics.json",
        {
            "test": metrics,
            "test_intervals": intervals,
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
            "Precision": config["precision"],
            "Strategy": config["strategy"],
            **{f"`{k}`": v for k, v in config["settings"].items()},
        },
        seed=config["seed"],
        energy=energy,
        versions=config["versions"],
    )
    run.write("MODEL_CARD.md", card)


def _with_validation(splits, settings, seed):
    import dataclasses

    if splits.validation is not None:
        return splits
    train, validation = splits.train.split(
        settings.get("validation_fraction") or 0.1, seed
    )
    return dataclasses.replace(splits, train=train, validation=validation)


@contextlib.contextmanager
def _policy(precision):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _scope(strategy):
    gpus = tf.config.list_logical_devices("GPU")
    if strategy == "mirrored" or (strategy == "auto" and len(gpus) > 1):
        return tf.distribute.MirroredStrategy().scope()
    return contextlib.nullcontext()


def _absolute(data):
    return data if data in datasets.names() else os.path.abspath(data)


def _check_choice(what, value, choices):
    if value not in choices:
        raise UnknownChoice(what, value, choices)


def _usage(message):
    error = ValueError(message)
    error.exit_code = 2
    return error
