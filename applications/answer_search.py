"""From what a network says of places to the passages that answer best."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Passage:
    """A passage of a window.

    Args:
        window: int. The number of the window.
        first: int. Its first place.
        last: int. Its last place.
        score: float. Sum of both logits.
    """

    window: int
    first: int
    last: int
    score: float


def best_passages(logits, allowed, longest, top=1):
    """The passages with the highest score, of one window or several.

    `score = start[first] + end[last]`, `first <= last < first + longest`

    Args:
        logits: float array `(windows, 2, length)`.
        allowed: bool array `(windows, length)`: places of the text.
        longest: int. Most tokens of a passage.
        top: int. How many of each window. Defaults to 1.

    Returns:
        A list of `Passage`, best first.

    Example:

    >>> logits = np.array([[[0.0, 1, 5], [0, 3, 2]]])
    >>> best_passages(logits, np.array([[False, True, True]]), longest=2)
    [Passage(window=0, first=2, last=2, score=7.0)]
    """
    length = logits.shape[-1]
    places = np.arange(length)
    ahead = places[None, :] - places[:, None]  # (first, last)
    in_order = (ahead >= 0) & (ahead < longest)
    found = []
    for window, ((start, end), there) in enumerate(
        zip(logits, allowed, strict=True)
    ):
        valid = in_order & there[:, None] & there[None, :]
        scores = np.where(valid, start[:, None] + end[None, :], -np.inf)
        flat = scores.ravel()
        count = min(top, int(valid.sum()))
        if not count:
            continue
        some = np.argpartition(-flat, count - 1)[:count]
        found += [
            Passage(window, int(i // length), int(i % length), float(flat[i]))
            for i in some
        ]
    return sorted(found, key=lambda one: -one.score)


def no_answer_score(logits):
    """That the text has no answer: the lowest of place 0 over the windows.

    Args:
        logits: float array `(windows, 2, length)`.

    Returns:
        A float.

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805), section 4.3
    """
    return float((logits[:, 0, 0] + logits[:, 1, 0]).min())
