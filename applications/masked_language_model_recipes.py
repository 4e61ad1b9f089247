"""The recipes of `MaskedLanguageModel`, and the network that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

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
    "min_count": 2,
    "lowercase": True,
    "steps_per_epoch": 200,
    "jit_compile": True,
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}


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
