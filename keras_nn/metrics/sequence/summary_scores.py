import re
from collections import Counter

import numpy as np

from keras_nn.metrics.sequence.answer_scores import overlap_f1
from keras_nn.metrics.sequence.error_rates import check_pairs


def rouge(predictions, references):
    """ROUGE-1, ROUGE-2 and ROUGE-L of summaries: the mean F1 over texts.

    `F1 = 2 P R / (P + R)` of common words (ROUGE-1), of common pairs of
    neighbours (ROUGE-2), of the longest common subsequence (ROUGE-L). Texts
    are made lower case and cut into runs of `a-z` and `0-9`; nothing is
    stemmed.

    Args:
        predictions: list of str.
        references: list of str, one for each prediction.

    Returns:
        A dict of `"rouge1"`, `"rouge2"`, `"rougeL"` to float, 0 to 1.

    Raises:
        ValueError: if there are not as many of one as of the other.

    Example:

    >>> scores = rouge(["the cat sat"], ["the cat was sitting"])
    >>> {name: round(score, 4) for name, score in scores.items()}
    {'rouge1': 0.5714, 'rouge2': 0.4, 'rougeL': 0.5714}

    Reference:
        [Lin, 2004](https://aclanthology.org/W04-1013/)
    """
    check_pairs(predictions, references)
    scores = {"rouge1": [], "rouge2": [], "rougeL": []}
    for prediction, reference in zip(predictions, references, strict=True):
        said, there = _words(prediction), _words(reference)
        for size in (1, 2):
            common = _ngrams(said, size) & _ngrams(there, size)
            scores[f"rouge{size}"].append(
                overlap_f1(
                    common.total(),
                    max(0, len(said) - size + 1),
                    max(0, len(there) - size + 1),
                )
            )
        common = _common_subsequence(said, there)
        scores["rougeL"].append(overlap_f1(common, len(said), len(there)))
    return {name: float(np.mean(found)) for name, found in scores.items()}


def _words(text):
    return re.findall("[a-z0-9]+", text.lower())


def _ngrams(words, size):
    starts = range(len(words) - size + 1)
    return Counter(tuple(words[i : i + size]) for i in starts)


def _common_subsequence(a, b):
    """The length of the longest subsequence of both."""
    row = np.zeros(len(b) + 1, int)
    words = np.array(b, dtype=object)
    for word in a:
        # Either one more than before both words, or the best so far.
        longer = np.where(words == word, row[:-1] + 1, row[1:])
        row[1:] = np.maximum.accumulate(longer)
    return int(row[-1])
