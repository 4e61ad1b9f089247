"""The recipes of `TextClassifier`, and the networks that they train."""

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe
from keras_nn.data import Splits
from keras_nn.data.parts import draw_parts
from keras_nn.data.text.rt_polarity import rt_polarity

SETTINGS = {
    "width": 300,
    "filters": 100,
    "embedding_dropout": 0.0,
    "dropout": 0.5,
    "max_norm": 3.0,
    "max_words": 20000,
    "min_count": 1,
    "lowercase": True,
    "max_length": 256,
    "text_column": "text",
    "label_column": "label",
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
SMALL = {
    "width": 128,
    "filters": 64,
    "embedding_dropout": 0.2,
    "learning_rate": 2e-3,
    "schedule": "cosine",
}


def text_cnn(vocabulary_size, settings):
    """The network that the settings describe: a `TextCNN`."""
    names = "width", "filters", "embedding_dropout"
    return models.TextCNN(
        include_top=False,
        vocabulary_size=vocabulary_size,
        **{name: settings[name] for name in names},
    )


def read_rt_polarity(path, seed, settings):
    """The official files; every sentence is trained on where folds test."""
    splits = rt_polarity(path, test_fraction=settings["test_fraction"])
    share = settings["validation_fraction"]
    parts = {"train": splits.train}
    if splits.test is not None:
        parts["test"] = splits.test
    facts = {
        name: getattr(splits, name)
        for name in ("class_names", "name", "source", "licence", "description")
    }
    return Splits(**draw_parts(parts, share, 0.0, seed), **facts)


RECIPES = (
    Recipe(
        name="docstrings",
        summary="Sentences of docstrings, which package they are from: "
        "Kim's convolutions over words, Adam, 8 epochs.",
        data="docstrings",
        network=text_cnn,
        settings=SMALL,
        fit={"epochs": 8, "batch_size": 32},
        expectation=Expectation("accuracy"),
    ),
    Recipe(
        name="rt-polarity-textcnn",
        summary="Sentences of film reviews, for or against: Kim's "
        "convolutions over words (CNN-rand), Adam, 4 epochs.",
        data="rt-polarity",
        network=text_cnn,
        settings={
            "embedding_dropout": 0.2,
            "learning_rate": 2e-3,
            "schedule": "cosine",
        },
        fit={"epochs": 4, "batch_size": 50},
        expectation=Expectation(
            "accuracy",
            0.75,  # the worst of ten folds: 0.755; their mean: 0.777
            minutes=1.5,
            published=0.761,
            source="Kim, 2014, table 2, CNN-rand; ten folds",
        ),
    ),
    Recipe(
        name="texts",
        summary="Your own texts, a table or class folders: Kim's "
        "convolutions over words, Adam, 8 epochs.",
        network=text_cnn,
        settings=SMALL,
        fit={"epochs": 8, "batch_size": 32},
    ),
)
