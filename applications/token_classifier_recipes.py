"""The recipes of `TokenClassifier`, and the networks that they train."""

from pathlib import Path

from keras_nn import data
from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.data.text.tagged_texts import read_conll
from keras_nn.data.text.word_tokenizer import PATTERN

SHOWN = 12  # texts that the instruments look at

SETTINGS = {
    "width": 100,
    "character_width": 30,
    "filters": 30,
    "units": 100,
    "cell": "lstm",
    "recurrent_dropout": 0.5,
    "dropout": 0.5,
    "crf": True,
    "pattern": PATTERN,
    "lowercase": True,
    "min_count": 1,
    "max_length": 128,
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
CHOICES = {"cell": ("lstm", "gru")}
SMALL = {
    "width": 64,
    "units": 64,
    "recurrent_dropout": 0.3,
    "dropout": 0.3,
    "learning_rate": 5e-3,
    "schedule": "cosine",
    "max_length": 64,
    # A word that is seen once teaches what an unknown one is like.
    "min_count": 2,
}


def recurrent_tagger(vocabulary_size, num_characters, settings):
    """The network that the settings describe: a `RecurrentTagger`."""
    names = "width", "character_width", "filters", "units", "cell"
    return models.RecurrentTagger(
        vocabulary_size,
        num_characters,
        dropout=settings["recurrent_dropout"],
        **{name: settings[name] for name in names},
    )


def tagged_as(path, class_names):
    """Tagged texts under a path, numbered as a trained model numbers.

    Args:
        path: str. A file as for `keras_nn.data.tagged_texts`, or a folder;
            if it has a file named test, only that is read.
        class_names: list of str. Entry `k` names tag `k` of the model.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(path.iterdir())
        named = [f for f in files if f.stem.lower() in ("test", "train")]
        if not named:
            raise ValueError(
                "A folder of tagged texts holds a file named test or train. "
                f"Received: {[f.name for f in files[:5]]} in {path}"
            )
        path = named[0]
    return data.tagged_split(*read_conll(path), class_names)


RECIPES = (
    Recipe(
        name="python-names",
        summary="Lines of Python's standard library, what their names are "
        "for: LSTM in both directions over words and letters, a chain of tags, "
        "Adam, 3 epochs.",
        data="python-names",
        network=recurrent_tagger,
        settings=SMALL,
        fit={"epochs": 3, "batch_size": 32},
        expectation=Expectation("entity_f1", 0.95),
    ),
    Recipe(
        name="wnut17-tagger",
        summary="Rare and emerging entities in texts of users: LSTM in both "
        "directions over words and letters, a chain of tags, Adam, 12 epochs.",
        data="wnut17",
        network=recurrent_tagger,
        settings={
            "learning_rate": 3e-3,
            "schedule": "cosine",
            "max_length": 64,
            "min_count": 2,
        },
        fit={"epochs": 12, "batch_size": 32},
        expectation=Expectation(
            "entity_f1",
            published=0.4186,
            source="Derczynski et al., 2017, the best of the shared task, "
            "with embeddings learnt from other texts",
        ),
    ),
    Recipe(
        name="texts",
        summary="Your own texts with a tag for each word: LSTM in both "
        "directions over words and letters, a chain of tags, Adam, 12 epochs.",
        network=recurrent_tagger,
        settings=SMALL,
        fit={"epochs": 12, "batch_size": 32},
    ),
)
