import numpy as np


def word_error_rate(predictions, references):
    """How many words must be changed, left out or put in, for each there.

    `sum of edits / sum of words of the references`; words are what blanks
    divide

    Args:
        predictions: list of str.
        references: list of str, one for each prediction.

    Returns:
        A float from 0 on.

    Raises:
        ValueError: if there are not as many of one as of the other, or no
            word in the references.

    Example:

    >>> word_error_rate(["the cat sit down"], ["the cat sat"])
    0.6666666666666666

    Reference:
        [Levenshtein, 1966](https://nymity.ch/sybilhunting/pdf/Levenshtein1966a.pdf)
    """
    return _rate(predictions, references, str.split)


def character_error_rate(predictions, references):
    """How many characters must be edited for each one there.

    As `word_error_rate`, of characters.

    Args:
        predictions: list of str.
        references: list of str, one for each prediction.

    Returns:
        A float from 0 on.

    Raises:
        ValueError: if there are not as many of one as of the other, or no
            character in the references.

    Example:

    >>> character_error_rate(["sit"], ["sat"])
    0.3333333333333333

    Reference:
        [Levenshtein, 1966](https://nymity.ch/sybilhunting/pdf/Levenshtein1966a.pdf)
    """
    return _rate(predictions, references, list)


def edit_distance(a, b):
    """The fewest changes, insertions and deletions from one to the other.

    Args:
        a: sequence of hashable objects, such as characters or words.
        b: likewise.

    Returns:
        An int.

    Example:

    >>> edit_distance("kitten", "sitting")
    3
    """
    number = {item: index for index, item in enumerate(set(a) | set(b))}
    a = np.array([number[item] for item in a], int)
    b = np.array([number[item] for item in b], int)
    places = np.arange(len(b) + 1)
    row = places
    for count, item in enumerate(a, start=1):
        best = np.minimum(row[:-1] + (b != item), row[1:] + 1)
        best = np.concatenate([[count], best])
        # Insertions cost one each: the best of all that are before.
        row = np.minimum.accumulate(best - places) + places
    return int(row[-1])


def check_pairs(predictions, references):
    """Raises unless there is a prediction, and a reference for each."""
    if isinstance(predictions, str) or len(predictions) != len(references):
        raise ValueError(
            "There must be one reference for each prediction, both in lists. "
            f"Received: {len(predictions)} and {len(references)}"
        )
    if not len(predictions):
        raise ValueError("There must be a prediction. Received: none")


def _rate(predictions, references, split):
    check_pairs(predictions, references)
    pairs = [
        (split(prediction), split(reference))
        for prediction, reference in zip(predictions, references, strict=True)
    ]
    total = sum(len(reference) for _, reference in pairs)
    if not total:
        raise ValueError(
            "`references` must hold something to be read. "
            f"Received: {len(references)} empty texts"
        )
    return sum(edit_distance(a, b) for a, b in pairs) / total
