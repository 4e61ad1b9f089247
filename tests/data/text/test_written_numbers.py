import re

import pytest

from keras_nn import data
from keras_nn.data.text.written_numbers import MONTHS
from keras_nn.data.text.written_numbers import in_words


def test_numbers_in_words():
    for number, words in (
        (0, "zero"),
        (19, "nineteen"),
        (40, "forty"),
        (999, "nine hundred ninety-nine"),
        (100_001, "one hundred thousand one"),
        (999_999, "nine hundred ninety-nine thousand nine hundred ninety-nine"),
    ):
        assert in_words(number) == words
    assert len({in_words(number) for number in range(5000)}) == 5000
    with pytest.raises(ValueError, match="number=1000000"):
        in_words(1_000_000)


def test_pairs_are_right_and_parts_disjoint():
    splits = data.load("written-numbers")
    parts = splits.train, splits.validation, splits.test
    assert [len(part) for part in parts] == [12_000, 500, 1000]
    sources = [source for part in parts for source in part.sources]
    assert len(set(sources)) == len(sources)
    dates = 0
    pairs = zip(splits.test.sources, splits.test.targets, strict=True)
    for source, target in pairs:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", target):
            dates += 1
            assert MONTHS[int(target[5:7]) - 1] in source
        else:
            words = source.replace("hundred and ", "hundred ")
            assert in_words(int(target.replace(",", ""))) == words
    assert 500 < dates < 750
    with pytest.raises(ValueError, match="path='x'"):
        data.load("written-numbers", path="x")
