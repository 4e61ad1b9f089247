"""The recipes of `TextEmbedder`, and the networks that they train."""

import os

import keras

from keras_nn import data
from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.text_files import unlabelled_texts
from keras_nn.data.text.labelled_texts import TABLES

SETTINGS = {
    "network": "transformer",
    "num_layers": 2,
    "num_heads": 4,
    "width": 128,
    "dropout": 0.1,
    "temperature": 0.05,
    "symmetric": True,
    "max_words": 20000,
    "min_count": 2,
    # Parts of names, too: set_xlabel is two words, TextIndex, too.
    "pattern": r"[^\W\d_a-z]?[^\W\dA-Z_]+|[^\W\d_]+|\d+",
    "lowercase": True,
    "max_length": 128,
    "source": "query",
    "target": "text",
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
CHOICES = {"network": ("transformer", "words")}


def encoder(vocabulary_size, settings):
    """The network that the settings describe: ids to features of tokens."""
    if settings["network"] == "transformer":
        names = "num_layers", "num_heads", "width", "dropout"
        return models.BERT(
            vocabulary_size,
            context_length=settings["max_length"],
            num_segments=0,
            **{name: settings[name] for name in names},
        )
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = keras.layers.Embedding(
        vocabulary_size,
        settings["width"],
        mask_zero=True,
        name="token_embedding",
    )(ids)
    x = keras.layers.Dropout(settings["dropout"], name="dropout")(x)
    return keras.Model(ids, x, name="words")


def read_texts(path, seed, settings):
    """Pairs that belong together, or texts alone, which pair with themselves.

    Args:
        path: str. What `data.pairs_from_path` reads; or a file, one text a
            line, or a folder of `.txt` files.
        seed: int. Of the draw.
        settings: dict with the keys of `SETTINGS`.

    Returns:
        `data.Splits` of `data.TextPairs`.
    """
    shares = settings["validation_fraction"], settings["test_fraction"]
    ending = os.path.splitext(path)[1].lower()
    texts_alone = ending == ".txt" or (
        os.path.isdir(path)
        and not any(
            os.path.splitext(name)[1].lower() in TABLES
            for name in os.listdir(path)
        )
    )
    if not texts_alone:
        return data.pairs_from_path(
            path, *shares, seed, settings["source"], settings["target"]
        )
    texts = unlabelled_texts(path)
    rest, test = data.TextPairs(texts, texts).split(shares[1], seed)
    train, validation = rest.split(shares[0] / (1 - shares[1]), seed)
    return data.Splits(
        train,
        validation,
        test,
        name=os.path.basename(os.path.abspath(path)),
        source=os.fspath(path),
        description=f"Texts, each its own partner; parts drawn with {seed=}.",
    )


RECIPES = (
    Recipe(
        name="docstring-search",
        summary="First lines of docstrings find what is below them: the mean "
        "of word vectors, trained on pairs, 8 epochs.",
        data="docstring-summaries",
        network=encoder,
        settings={
            "network": "words",
            "width": 256,
            "dropout": 0.2,
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "max_length": 64,
        },
        fit={"epochs": 8, "batch_size": 128},
        expectation=Expectation("recall_at_1", 0.42, minutes=0.4),
    ),
    Recipe(
        name="texts",
        summary="Your own pairs, .tsv, .csv or .jsonl, or texts alone, .txt "
        "(then told apart by dropout): a Transformer of 2 layers.",
        network=encoder,
        settings={"learning_rate": 5e-4, "schedule": "cosine"},
        fit={"epochs": 8, "batch_size": 64},
    ),
)
