"""The recipes of `Translator`, their networks and their optimiser."""

import keras

from keras_nn import models
from keras_nn import schedules
from keras_nn.applications.recipe import Expectation
from keras_nn.applications.recipe import Recipe

SHOWN = 6  # texts whose beams the instruments show

SETTINGS = {
    "tokenizer": "bpe",
    "vocabulary_size": 5000,
    "lowercase": False,
    "max_length": 128,
    "num_layers": 3,
    "num_heads": 4,
    "width": 256,
    "hidden_dim": 512,
    "norm_first": True,
    "dropout": 0.2,
    "attention_dropout": 0.0,
    "label_smoothing": 0.1,
    "learning_rate": 1.5e-3,
    "schedule": "inverse-root",
    "warmup_steps": 1000,
    "clip_norm": 1.0,
    "averaging": 0.999,
    "num_beams": 5,
    "length_penalty": 1.0,
    "jit_compile": False,
    "source": "source",
    "target": "target",
    "validation_fraction": 0.05,
    "test_fraction": 0.05,
}
CHOICES = {
    "tokenizer": ("bpe", "byte-level", "wordpiece", "unigram"),
    "schedule": ("inverse-root", "cosine"),
}


def transformer(tokenizer, settings):
    """The network that the settings describe: a `TransformerSeq2Seq`."""
    names = "num_layers", "num_heads", "width", "hidden_dim", "norm_first"
    names += "dropout", "attention_dropout"
    return models.TransformerSeq2Seq(
        tokenizer.vocabulary_size,
        context_length=2 * settings["max_length"],
        padding_id=tokenizer.padding_id,
        start_id=tokenizer.start_id,
        end_id=tokenizer.end_id,
        **{name: settings[name] for name in names},
    )


def build_optimizer(settings, steps):
    """Adam with a warm-up, then a rate that falls.

    It falls with the root of the step, or, with the schedule `"cosine"`, to 0
    at the end.

    Args:
        settings: dict with the keys of `SETTINGS`.
        steps: int. Steps of the whole training: warm-up, and the span of
            the average of the weights, are a tenth of it at most.
    """
    warmup = max(1, min(settings["warmup_steps"], steps // 10))
    averaging = min(settings["averaging"], max(0.0, 1 - 10 / steps))
    peak = settings["learning_rate"]
    if settings["schedule"] == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(
            0.0,
            max(1, steps - warmup),
            0.0,
            warmup_target=peak,
            warmup_steps=warmup,
        )
    else:
        rate = schedules.InverseSquareRootWarmup(peak, warmup)
    return keras.optimizers.Adam(
        rate,
        beta_2=0.98,
        epsilon=1e-9,
        global_clipnorm=settings["clip_norm"] or None,
        use_ema=averaging > 0,
        ema_momentum=averaging or 0.99,
    )


RECIPES = (
    Recipe(
        name="written-numbers",
        summary="Numbers and dates in words to digits, a Transformer of 2 and "
        "2 layers, 96 wide, BPE of 160 tokens.",
        data="written-numbers",
        network=transformer,
        settings={
            "vocabulary_size": 160,
            "max_length": 40,
            "num_layers": 2,
            "width": 96,
            "hidden_dim": 192,
            "dropout": 0.05,
            "label_smoothing": 0.05,
            "learning_rate": 4e-3,
            "warmup_steps": 300,
            "num_beams": 1,
        },
        fit={"epochs": 10, "batch_size": 64},
        expectation=Expectation("exact_match"),
    ),
    Recipe(
        name="multi30k-en-de",
        summary="English captions of pictures into German, a Transformer of "
        "3 and 3 layers, 256 wide, BPE of 5,000 tokens.",
        data="multi30k-en-de",
        network=transformer,
        settings={
            "schedule": "cosine",
            "learning_rate": 1.2e-3,
            "dropout": 0.15,
        },
        fit={"epochs": 12, "batch_size": 64},
        expectation=Expectation("bleu", 36.0),
    ),
    Recipe(
        name="pairs",
        summary="Your own pairs, .tsv, .jsonl or two aligned files, a "
        "Transformer of 3 and 3 layers, 256 wide.",
        network=transformer,
        fit={"epochs": 30, "batch_size": 128},
        expectation=Expectation("bleu"),
    ),
)
