import itertools

import pytest

from keras_nn.metrics import character_error_rate
from keras_nn.metrics import edit_distance
from keras_nn.metrics import word_error_rate


def slow_distance(a, b):
    if not a or not b:
        return len(a) + len(b)
    return min(
        slow_distance(a[1:], b[1:]) + (a[0] != b[0]),
        slow_distance(a[1:], b) + 1,
        slow_distance(a, b[1:]) + 1,
    )


def test_distances_of_all_short_words():
    words = [
        "".join(word)
        for length in range(4)
        for word in itertools.product("ab", repeat=length)
    ]
    for a, b in itertools.product(words, words):
        assert edit_distance(a, b) == slow_distance(a, b)


def test_rates_are_of_all_texts_together():
    assert word_error_rate(["a b", "c"], ["a b", "d"]) == pytest.approx(1 / 3)
    assert character_error_rate(["ab"], ["b"]) == 1.0
    assert word_error_rate(["", "a"], ["x y", "a"]) == pytest.approx(2 / 3)


def test_nothing_to_read_is_refused():
    with pytest.raises(ValueError, match="Received: 1 empty texts"):
        word_error_rate(["a"], [""])
    with pytest.raises(ValueError, match="Received: 3 and 1"):
        word_error_rate("abc", ["a"])
