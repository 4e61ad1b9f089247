"""What generators ask of prompts, and the shapes that they compile for."""

import numpy as np

FEWEST_PROMPT, FEWEST_NEW = 8, 32  # smallest shapes that are compiled


def check_prompts(model, prompts, max_new_tokens, overflow):
    """Raises ValueError for prompts that the model cannot go on with."""
    if max_new_tokens < 1:
        raise ValueError(
            f"`max_new_tokens` must be positive. Received: {max_new_tokens=}"
        )
    if model.context_length < 2:
        raise ValueError(
            "A text grows only in a context of two tokens or more. "
            f"Received: context_length={model.context_length}"
        )
    lengths = [len(prompt) for prompt in prompts]
    if not lengths or not all(lengths):
        raise ValueError(
            "There must be a prompt, and each needs a token. Received: "
            f"prompts of {lengths} tokens"
        )
    check_ids(prompts, output_size(model))
    needed = max(lengths) + max_new_tokens
    if overflow == "error" and needed > model.context_length:
        raise ValueError(
            "Prompt and new tokens must fit into the context of "
            f"{model.context_length} tokens. Received: "
            f"{max(lengths)} and {max_new_tokens} tokens"
        )


def check_ids(texts, size):
    """Raises ValueError for the first id that the model does not have."""
    for text in texts:
        for token in text:
            if not 0 <= token < size:
                raise ValueError(
                    f"ids must lie in [0, {size - 1}], because the model "
                    f"has {size} tokens. Received: {token}"
                )


def output_size(model):
    """int. Number of tokens that the model can write."""
    return getattr(model, "target_vocabulary_size", None) or (
        model.vocabulary_size
    )


def start_texts(model, prompts, sources):
    """The texts to go on with: prompts, or the start token for each source.

    Raises:
        ValueError: if sources are missing, left over, empty, or of ids that
            the model does not have.
    """
    if (sources is not None) != hasattr(model, "encode"):
        raise ValueError(
            "Sources are for models that have an encoder, which need them. "
            f"Received: {type(model).__name__} and sources="
            f"{'None' if sources is None else len(sources)}"
        )
    if sources is None:
        return [list(map(int, prompt)) for prompt in prompts]
    if not all(map(len, sources)) or not len(sources):
        raise ValueError(
            "There must be a source, and each needs a token. Received: "
            f"sources of {[len(source) for source in sources]} tokens"
        )
    check_ids(sources, model.vocabulary_size)
    if prompts is None:
        prompts = [[]] * len(sources)
    if len(prompts) != len(sources):
        raise ValueError(
            "There must be a prompt for each source, or none at all. "
            f"Received: {len(prompts)} prompts and {len(sources)} sources"
        )
    return [[model.start_id, *map(int, prompt)] for prompt in prompts]


def padded_sources(model, sources):
    """Sources filled up on the right: int32 `(batch, a power of two)`."""
    longest = max(len(source) for source in sources)
    shape = len(sources), round_up(longest, FEWEST_PROMPT)
    ids = np.full(shape, model.padding_id, "int32")
    for row, source in zip(ids, sources, strict=True):
        row[: len(source)] = source
    return ids


def padded_prompts(texts, place, places):
    """Texts that end before `place`, and how many tokens precede each."""
    ids = np.zeros((len(texts), places), "int32")
    for row, text in zip(ids, texts, strict=True):
        row[place - len(text) : place] = text
    return ids, np.array([place - len(text) for text in texts], "int32")


def cut_off(new, stops):
    """New tokens up to where a text ends: with the first of the stops.

    Args:
        new: list of int.
        stops: sequence of tuples of int.
    """
    for count in range(1, len(new) + 1):
        for stop in stops:
            if tuple(new[:count][-len(stop) :]) == stop:
                return new[:count]
    return new


def round_up(number, least):
    """The first of `least`, `2 least`, `4 least` ... that holds `number`."""
    size = least
    while size < number:
        size *= 2
    return size
