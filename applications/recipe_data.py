"""Which recipe and which data a run is about."""

import dataclasses
import os

import numpy as np

from keras_nn import data as datasets
from keras_nn.applications import catalogue
from keras_nn.applications.unknown_choice import WrongRequest


def choose_recipe(cls, name, data):
    """The recipe of this name, or the one that suits the data."""
    if name is not None or data is None:
        return catalogue.get_recipe(cls, name)
    named = data in datasets.names()
    for recipe in cls.recipes():
        if recipe.data == (data if named else None):
            return recipe
    return catalogue.get_recipe(cls)


def read_splits(cls, recipe, data, seed, settings, fold=None):
    """The data of a run: a named set, or what lies under a path.

    Args:
        cls: application class.
        recipe: `Recipe`.
        data: str or None, as in `fit_recipe`.
        seed: int.
        settings: dict of settings, resolved.
        fold: pair of int or None. Fold `i` of `k`, from 1, as test part.

    Returns:
        `keras_nn.data.Splits`.
    """
    if fold is None:
        return _read(cls, recipe, data, seed, settings)
    undrawn = {"validation_fraction": 0.0, "test_fraction": 0.0}
    undrawn = {key: undrawn[key] for key in undrawn if key in settings}
    splits = _read(
        cls, recipe, data, seed, {**settings, **undrawn}, validation_fraction=0
    )
    whole, number, k = _learned_from(splits), *fold
    stratify = splits.class_names is not None and np.ndim(whole.y) == 1
    train, test = datasets.folds(whole, k, seed, stratify)[number - 1]
    return dataclasses.replace(
        splits,
        train=train,
        validation=None,
        test=test,
        description=f"{splits.description} Of the {len(whole)} examples that "
        f"are not in its test set, fold {number} of {k}, {len(test)} examples "
        f"drawn with {seed=}, is the test part here.",
    )


def run_splits(config):
    """The data of a run, read again, with a validation part.

    Args:
        config: dict, the `Run`'s.

    Returns:
        `keras_nn.data.Splits`.
    """
    cls = catalogue.get(config["application"])
    splits = read_splits(
        cls,
        catalogue.get_recipe(cls, config["recipe"]),
        config["data"],
        config["seed"],
        config["settings"],
        config.get("fold"),
    )
    return with_validation(splits, config["settings"], config["seed"])


def with_validation(splits, settings, seed):
    """Splits that have a validation part, drawn from the training if need be.

    Args:
        splits: `keras_nn.data.Splits`.
        settings: dict of settings, resolved.
        seed: int. Of the draw.

    Raises:
        ValueError: If there is no test part.
    """
    if splits.test is None:
        raise ValueError(
            "A run needs test data to be measured on. Received: data without "
            f"a test part: {splits.name}"
        )
    if splits.validation is not None:
        return splits
    train, validation = splits.train.split(
        settings.get("validation_fraction") or 0.1, seed
    )
    return dataclasses.replace(splits, train=train, validation=validation)


def _read(cls, recipe, data, seed, settings, **drawing):
    if data is None:
        if recipe.data is None:
            raise WrongRequest(
                f"Recipe {recipe.name} trains on your own data; say where it "
                "is: `--data PATH`. Received: no data"
            )
        data = recipe.data
    if data in datasets.names():
        if "validation_fraction" in settings:
            drawing.setdefault(
                "validation_fraction", settings["validation_fraction"]
            )
        splits = datasets.load(data, seed=seed, **drawing)
        return cls.arranged(splits, seed)
    if not os.path.exists(data):
        raise WrongRequest(
            f"`data` is neither a path nor one of the data sets "
            f"{', '.join(datasets.names())}. Received: {data!r}"
        )
    return cls.read_data(data, recipe, seed, settings)


def _learned_from(splits):
    """Training and validation examples together."""
    train, validation = splits.train, splits.validation
    if validation is None:
        return train
    if train.decode != validation.decode:
        raise ValueError(
            "Folds are drawn from training and validation examples together, "
            "which two shard files of their own are not; write the shards "
            f"without a validation part. Received: {splits.name}"
        )
    return dataclasses.replace(
        train,
        x=np.concatenate([train.x, validation.x]),
        y=np.concatenate([train.y, validation.y]),
    )
