"""Numbers and dates in words, and in digits: pairs that cost no download."""

import numpy as np

from keras_nn.data.splits import Splits
from keras_nn.data.text.text_pairs import TextPairs

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth "
    "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth "
    "eighteenth nineteenth twentieth"
).split()
MONTHS = (
    "January February March April May June July August September October "
    "November December"
).split()
DAYS = 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
SEED = 0
SIZES = {"train": 12_000, "validation": 500, "test": 1000}


def written_numbers(path=None):
    """English numbers up to 999,999 and dates, in words and in digits.

    Somewhat more dates than numbers, in several wordings; no source of one
    part is in another. The pairs are the same in every run.
    """
    if path is not None:
        raise ValueError(
            "`written-numbers` is made on the fly and is not read from a "
            f"folder. Received: {path=}"
        )
    generator = np.random.default_rng(SEED)
    wanted = sum(SIZES.values())
    pairs = {}
    while len(pairs) < wanted:
        make = _number if generator.random() < 0.5 else _date
        source, target = make(generator)
        pairs[source] = target
    pairs = list(pairs.items())
    generator.shuffle(pairs)
    parts, first = {}, 0
    for name, size in SIZES.items():
        part = pairs[first : first + size]
        parts[name] = TextPairs(*zip(*part, strict=True))
        first += size
    return Splits(
        **parts,
        name="written-numbers",
        source="made by keras_nn",
        licence="CC0",
        description="English numbers up to 999,999 and dates from 1600 to "
        "2099, written out, and the same in digits (1,204; 2031-05-07).",
    )


def in_words(number):
    """A number below a million in English words.

    >>> in_words(12_045)
    'twelve thousand forty-five'
    """
    if not 0 <= number < 1_000_000:
        raise ValueError(
            f"`number` must lie in [0, 999999]. Received: {number=}"
        )
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    many, rest = divmod(number, size)
    return f"{in_words(many)} {name}" + (f" {in_words(rest)}" if rest else "")


def _number(generator):
    number = int(10 ** generator.uniform(0, 6))  # as many short as long ones
    words = in_words(number)
    if number > 100 and generator.random() < 0.5:
        words = words.replace("hundred ", "hundred and ")
    return words, f"{number:,}"


def _date(generator):
    year = int(generator.integers(1600, 2100))
    month = int(generator.integers(12))
    day = int(generator.integers(1, DAYS[month] + 1))
    tens, ones = divmod(day, 10)
    ordinal = (
        ORDINALS[day - 1]
        if day <= 20
        else "thirtieth"
        if day == 30
        else f"{TENS[tens - 2]}-{ORDINALS[ones - 1]}"
    )
    wording = (
        "the {ordinal} of {month}, {year}",
        "{month} the {ordinal}, {year}",
        "{month} {ordinal} {year}",
        "{ordinal} {month} {year}",
    )[generator.integers(4)]
    source = wording.format(
        ordinal=ordinal, month=MONTHS[month], year=_year(year)
    )
    return source, f"{year}-{month + 1:02}-{day:02}"


def _year(year):
    century, rest = divmod(year, 100)
    if 2000 <= year < 2010:
        return "two thousand" + (f" {ONES[rest]}" if rest else "")
    if not rest:
        return f"{in_words(century)} hundred"
    middle = "oh " if rest < 10 else ""
    return f"{in_words(century)} {middle}{in_words(rest)}"
