"""The recipes of `TextGenerator`, their networks and their optimiser."""

import keras

from keras_nn import models
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

SHOWN = 64  # windows that the instruments look at

SETTINGS = {
    "context_length": 64,
    "num_layers": 4,
    "num_heads": 4,
    "width": 128,
    "dropout": 0.0,
    "learning_rate": 1e-3,
    "final_learning_rate": 1e-4,
    "warmup_steps": 100,
    "beta_2": 0.99,
    "weight_decay": 0.1,
    "clip_norm": 1.0,
    "label_smoothing": 0.0,
    "steps_per_epoch": 250,
    "jit_compile": True,
    "unknown": "error",
    "validation_fraction": 0.1,
    "test_fraction": 0.1,
}
CHOICES = {"unknown": ("error", "replace")}
REPLACEMENT = "\ufffd"  # what stands for unknown characters


def gpt(vocabulary_size, settings):
    """The network that the settings describe: a `GPT2` without biases."""
    names = "context_length", "num_layers", "num_heads", "width", "dropout"
    return models.GPT2(
        vocabulary_size,
        use_bias=False,
        **{name: settings[name] for name in names},
    )


def build_optimizer(settings, steps):
    """AdamW with a warm-up, then half a cosine to `final_learning_rate`.

    Args:
        settings: dict with the keys of `SETTINGS`.
        steps: int. Steps of the whole training.
    """
    peak = settings["learning_rate"]
    warmup = min(settings["warmup_steps"], steps // 2)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else peak,
        max(1, steps - warmup),
        alpha=settings["final_learning_rate"] / peak,
        warmup_target=peak if warmup else None,
        warmup_steps=warmup,
    )
    return keras.optimizers.AdamW(
        rate,
        weight_decay=settings["weight_decay"],
        beta_2=settings["beta_2"],
        global_clipnorm=settings["clip_norm"] or None,
    )


RECIPES = (
    Recipe(
        name="python-docs",
        summary="The texts of Python's help(), character by character, a GPT "
        "of 4 layers, 2,000 steps.",
        data="python-docs",
        network=gpt,
        fit={"epochs": 8, "batch_size": 12},
        expectation=Expectation("bits_per_character"),
    ),
    Recipe(
        name="tinyshakespeare-nanogpt",
        summary="Shakespeare, character by character: nanoGPT's configuration "
        "for the CPU, 2,000 steps, at twice its rate.",
        data="tinyshakespeare",
        network=gpt,
        settings={"learning_rate": 2e-3},
        fit={"epochs": 8, "batch_size": 12},
        expectation=Expectation(
            "loss",
            1.84,
            published=1.88,
            source="README of github.com/karpathy/nanoGPT; an estimate on 20 "
            "batches",
        ),
    ),
    Recipe(
        name="text",
        summary="Your own text, a UTF-8 file or a folder of .txt files, "
        "character by character, a GPT of 4 layers.",
        network=gpt,
        settings={"unknown": "replace"},
        fit={"epochs": 8, "batch_size": 12},
    ),
)
