import re
import string
from collections import Counter

import numpy as np

from keras_nn.metrics.sequence.error_rates import check_pairs


def exact_match(predictions, answers):
    """The share of answers that are right word for word.

    Case, punctuation, the articles a, an, the, and blanks do not count.

    Args:
        predictions: list of str.
        answers: list of str, or of lists of str that are right, too.

    Returns:
        A float from 0 to 1.

    Raises:
        ValueError: if there are not as many of one as of the other.

    Example:

    >>> exact_match(["The Nile.", "42"], [["Nile", "river Nile"], "41"])
    0.5

    Reference:
        [Rajpurkar et al., 2016](https://arxiv.org/abs/1606.05250)
    """
    return _best(predictions, answers, lambda a, b: float(a == b))


def answer_f1(predictions, answers):
    """The mean share of common words of answers: F1 as SQuAD counts it.

    `F1 = 2 common / (said + there)`, of the best of the right answers; words
    as in `exact_match`

    Args:
        predictions: list of str.
        answers: list of str, or of lists of str that are right, too.

    Returns:
        A float from 0 to 1.

    Raises:
        ValueError: if there are not as many of one as of the other.

    Example:

    >>> round(answer_f1(["the river Nile"], ["Nile"]), 4)
    0.6667

    Reference:
        [Rajpurkar et al., 2016](https://arxiv.org/abs/1606.05250)
    """

    def score(said, there):
        if not said or not there:  # no answer is right where there is none
            return float(said == there)
        common = (Counter(said) & Counter(there)).total()
        return overlap_f1(common, len(said), len(there))

    return _best(predictions, answers, score)


def overlap_f1(common, said, there):
    """`2 P R / (P + R)` of counts; 0 where there is nothing in common.

    >>> overlap_f1(1, 1, 3)
    0.5
    """
    return 2 * common / (said + there) if common else 0.0


def _best(predictions, answers, score):
    check_pairs(predictions, answers)
    scores = []
    for prediction, right in zip(predictions, answers, strict=True):
        right = [right] if isinstance(right, str) else right
        said = _words(prediction)
        scores.append(max(score(said, _words(answer)) for answer in right))
    return float(np.mean(scores))


def _words(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()
