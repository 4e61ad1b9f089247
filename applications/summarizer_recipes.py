"""The recipes of `Summarizer`."""

from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.applications.translator_recipes import CHOICES as CHOICES
from keras_nn.applications.translator_recipes import SETTINGS as OF_TRANSLATOR
from keras_nn.applications.translator_recipes import (
    build_optimizer as build_optimizer,
)
from keras_nn.applications.translator_recipes import transformer

SETTINGS = {
    **OF_TRANSLATOR,
    "max_length": 256,
    "summary_length": 64,
    "source": "document",
    "target": "summary",
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}

RECIPES = (
    Recipe(
        name="docstring-summaries",
        summary="Bodies of docstrings to their first lines, a Transformer of "
        "2 and 2 layers, 128 wide, BPE of 4,000 tokens.",
        data="docstring-summaries",
        network=transformer,
        settings={
            "vocabulary_size": 4000,
            "max_length": 64,
            "summary_length": 32,
            "num_layers": 2,
            "width": 128,
            "hidden_dim": 256,
            "dropout": 0.1,
            "learning_rate": 2e-3,
            "schedule": "cosine",
            "num_beams": 1,
        },
        fit={"epochs": 5, "batch_size": 32},
        # 0.154 with seed 0; the first 12 words of the documents have 0.186:
        # 4,775 pairs are few for a network that begins from nothing.
        expectation=Expectation("rougeL", 0.14, minutes=3.5),
    ),
    Recipe(
        name="documents",
        summary="Your own documents with summaries, .jsonl or .csv, a "
        "Transformer of 3 and 3 layers, 256 wide.",
        network=transformer,
        fit={"epochs": 20, "batch_size": 32},
        expectation=Expectation("rougeL"),
    ),
)
