"""The recipes of `MaskedLanguageModel`, and the network that they train."""

from keras_nn import data
from keras_nn import models
from keras_nn.applications.blank_filling import MASK
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.data.text.subword_tokenizer import KINDS

SHOWN = 6  # windows that the instruments look at

SETTINGS = {
    "optimizer": "adamw",
    "learning_rate": 2e-3,
    "schedule": "cosine",
    "weight_decay": 0.01,
    "context_length": 64,
    "num_layers": 2,
    "num_heads": 4,
    "width": 128,
    "dropout": 0.1,
    "rate": 0.15,
    "tokenizer": "words",
    "vocabulary_size": 8000,
    "whole_words": True,
    "min_count": 2,
    "lowercase": True,
    "steps_per_epoch": 200,
    "jit_compile": True,
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
CHOICES = {"tokenizer": ("words", *KINDS)}


def trained_tokenizer(texts, settings):
    """The tokenizer that the settings describe, of texts to learn from.

    `vocabulary_size` is that of pieces of words; words are all kept that
    occur `min_count` times.
    """
    if settings["tokenizer"] == "words":
        return data.WordTokenizer.of(
            texts,
            min_count=settings["min_count"],
            lowercase=settings["lowercase"],
            specials=("[PAD]", "[UNK]", MASK),
        )
    return data.SubwordTokenizer.train(
        texts,
        settings["vocabulary_size"],
        settings["tokenizer"],
        settings["lowercase"],
        settings["min_count"],
        special_tokens=[MASK],
    )


def bert(vocabulary_size, settings):
    """The network that the settings describe: a `BERT` without segments."""
    names = "context_length", "num_layers", "num_heads", "width", "dropout"
    return models.BERT(
        vocabulary_size,
        num_segments=0,
        head="masked_lm",
        **{name: settings[name] for name in names},
    )


RECIPES = (
    Recipe(
        name="python-docs",
        summary="The texts of Python's help(), words hidden: a BERT of 2 "
        "layers, 1,600 steps.",
        data="python-docs",
        network=bert,
        fit={"epochs": 8, "batch_size": 16},
        expectation=Expectation("accuracy"),
    ),
    Recipe(
        name="text",
        summary="Your own text, a UTF-8 file or a folder of .txt files, words "
        "hidden: a BERT of 2 layers.",
        network=bert,
        fit={"epochs": 8, "batch_size": 16},
    ),
)
