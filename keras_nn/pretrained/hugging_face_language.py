"""Language models of Hugging Face, to ours and back: see `hugging_face`."""

import numpy as np

from keras_nn.data import PublishedTokenizer
from keras_nn.pretrained.assign_tensors import assign_tensors
from keras_nn.pretrained.language_config_writers import language_config_of
from keras_nn.pretrained.language_configs import LANGUAGE_READERS
from keras_nn.pretrained.language_configs import language_class_and_arguments
from keras_nn.pretrained.language_names import PREFIXES
from keras_nn.pretrained.language_names import copies
from keras_nn.pretrained.language_names import is_unused
from keras_nn.pretrained.language_names import kind_of
from keras_nn.pretrained.language_names import places

_ENCODERS = "bert", "roberta", "distilbert"


def reads(config):
    """Whether a `config.json` is that of a language model we have."""
    return config.get("model_type") in LANGUAGE_READERS


def build(config, include_top, arguments):
    """Our network of a `config.json`, without its weights.

    Args:
        config: dict.
        include_top: bool. Whether a head of masked tokens is kept.
        arguments: dict. Of our constructor, that differ.
    """
    cls, given = language_class_and_arguments(config)
    if not include_top:
        if "head" not in given:
            raise ValueError(
                f"A {config['model_type']} has no form without its head. "
                f"Received: {include_top=}"
            )
        given["head"] = None
    return cls(**{**given, **arguments})


def assign(model, tensors):
    """Gives a model of ours the tensors of theirs; see `hugging_face`."""
    prefix = PREFIXES[kind_of(model)]
    if not any(name.startswith(prefix) for name in tensors):
        prefix = ""  # of the network alone, as `AutoModel` stores it
    tensors = {_modern(name): value for name, value in tensors.items()}
    for copy, original in copies(model, prefix).items():
        if copy not in tensors:
            continue
        value = tensors.pop(copy)
        if not np.array_equal(tensors.setdefault(original, value), value):
            raise ValueError(
                f"Our network ties {copy!r} to {original!r}; in the file they "
                f"differ. Received: tensors of {model.name!r}"
            )
    return assign_tensors(
        model,
        places(model, prefix),
        tensors,
        lambda name: is_unused(name, model),
    )


def tensors(model):
    """Tensors by the names of theirs; those that are tied are there once."""
    held = places(model, prefix_of(model))
    return {name: place.pack() for name, place in held.items()}


def prefix_of(model):
    """What the names of the network begin with in a file of its own: str."""
    alone = kind_of(model) in _ENCODERS and model.head != "masked_lm"
    return "" if alone else PREFIXES[kind_of(model)]


def is_ours(model):
    """Whether this is a language model that theirs has a form of."""
    return kind_of(model) is not None


def check_sizes(tokenizer, model):
    """Raises ValueError if a tokenizer has ids that a model has not."""
    if tokenizer.vocabulary_size > model.vocabulary_size:
        raise ValueError(
            "The tokenizer must be the one of the model: it has more tokens. "
            f"Received: {tokenizer.vocabulary_size} and "
            f"{model.vocabulary_size}"
        )


def config_and_tensors(model, tokenizer):
    """What `hugging_face.save` writes of a language model.

    Args:
        model: one of our language models.
        tokenizer: `PublishedTokenizer`, `SubwordTokenizer` or None.

    Returns:
        `(config, tensors, files)`: dict, dict, and a dict from the name of
        each further file to its text.

    Raises:
        ValueError: if the tokenizer has ids that the model has not.
    """
    files = {}
    if tokenizer is not None:
        check_sizes(tokenizer, model)
        if not isinstance(tokenizer, PublishedTokenizer):
            tokenizer = PublishedTokenizer(
                tokenizer.definition,
                padding="<pad>",
                unknown="<unk>",
                start="<s>",
                end="</s>",
            )
        files = tokenizer.files()
    return language_config_of(model), tensors(model), files


def _modern(name):
    """The name that early BERTs' gains and biases of norms have today."""
    return name.replace("LayerNorm.gamma", "LayerNorm.weight").replace(
        "LayerNorm.beta", "LayerNorm.bias"
    )
