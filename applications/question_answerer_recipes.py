"""The recipes of `QuestionAnswerer`, and the networks that they train."""

import keras

from keras_nn import models
from keras_nn.applications.question_windows import MARKS
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

SPECIALS = ("[PAD]", "[UNK]", *MARKS)
SETTINGS = {
    "network": "transformer",
    "num_layers": 4,
    "num_heads": 4,
    "width": 128,
    "dropout": 0.1,
    "matches": True,
    "max_words": 30000,
    "min_count": 2,
    "lowercase": True,
    "pattern": r"\w+|[^\w\s]",
    "max_length": 256,
    "stride": 96,
    "max_answer": 30,
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
CHOICES = {"network": ("transformer", "recurrent")}


def reader(vocabulary_size, settings):
    """The network that the settings describe: ids, segments to features."""
    width, dropout = settings["width"], settings["dropout"]
    kinds = 3 if settings["matches"] else 2
    if settings["network"] == "transformer":
        return models.BERT(
            vocabulary_size,
            context_length=settings["max_length"],
            num_segments=kinds,
            segments=True,
            num_layers=settings["num_layers"],
            num_heads=settings["num_heads"],
            width=width,
            dropout=dropout,
        )
    ids, segments = (
        keras.Input((None,), dtype="int32", name=name)
        for name in ("ids", "segments")
    )
    x = keras.layers.Embedding(
        vocabulary_size, width, mask_zero=True, name="token_embedding"
    )(ids)
    kind = keras.layers.Embedding(kinds, width, name="segment_embedding")
    x = keras.layers.Add(name="features")([x, kind(segments)])
    for index in range(settings["num_layers"]):
        x = keras.layers.Dropout(dropout, name=f"dropout_{index}")(x)
        x = keras.layers.Bidirectional(
            keras.layers.GRU(width // 2, return_sequences=True),
            name=f"recurrent_{index}",
        )(x)
    return keras.Model({"ids": ids, "segments": segments}, x, name="reader")


RECIPES = (
    Recipe(
        name="signature-questions",
        summary="What is the default of an argument, or has it none: GRUs in "
        "both directions over signatures, Adam, 5 epochs.",
        data="signature-questions",
        network=reader,
        settings={
            "network": "recurrent",
            "num_layers": 1,
            "width": 96,
            "learning_rate": 3e-3,
            "schedule": "cosine",
            "max_length": 160,
            "stride": 64,
        },
        fit={"epochs": 5, "batch_size": 32},
        expectation=Expectation("f1", 0.95, minutes=0.5),
    ),
    Recipe(
        name="questions",
        summary="Your own questions in the format of SQuAD, 1.1 or 2.0: a BERT "
        "of 4 layers, from scratch.",
        network=reader,
        settings={"learning_rate": 5e-4, "schedule": "cosine"},
        fit={"epochs": 5, "batch_size": 16},
        expectation=Expectation("f1"),
    ),
)
