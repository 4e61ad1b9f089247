"""Which recipe and which data a run is about."""

import os

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


def read_splits(cls, recipe, data, seed, settings):
    """The data of a run: a named set, or what lies under a path."""
    if data is None:
        if recipe.data is None:
            raise WrongRequest(
                f"Recipe {recipe.name} trains on your own data; say where it "
                "is: `--data PATH`. Received: no data"
            )
        return datasets.load(recipe.data, seed=seed)
    if data in datasets.names():
        return datasets.load(data, seed=seed)
    if not os.path.exists(data):
        raise WrongRequest(
            f"`data` is neither a path nor one of the data sets "
            f"{', '.join(datasets.names())}. Received: {data!r}"
        )
    return cls.read_data(data, recipe, seed, settings)
