"""From words and their tags to arrays of ids."""

import numpy as np

from keras_nn import data
from keras_nn.metrics import entities

MULTIPLE = 8  # of words, so that few lengths are traced


class Words:
    """Texts that are cut into words, as ids of words and of characters.

    Args:
        tokenizer: `data.WordTokenizer`.
        character_tokenizer: `data.WordTokenizer` of characters, or None.
        max_length: int. Words of a text.
        max_characters: int. Characters of a word.
    """

    def __init__(
        self, tokenizer, character_tokenizer, max_length, max_characters
    ):
        self.tokenizer = tokenizer
        self.character_tokenizer = character_tokenizer
        self.max_length = max_length
        self.max_characters = max_characters

    def length(self, texts):
        """The length that texts are filled up to: int."""
        longest = min(max(map(len, texts)), self.max_length)
        return min(self.max_length, -(-longest // MULTIPLE) * MULTIPLE)

    def __call__(self, texts):
        """The ids: an int32 array, or a dict of two.

        Args:
            texts: list of lists of str, none of them empty.
        """
        encode = self.tokenizer.encode_words
        ids = data.pad(
            [encode(words) for words in texts],
            self.max_length,
            self.tokenizer.padding_id,
            MULTIPLE,
        )
        if self.character_tokenizer is None:
            return ids
        shape = (*ids.shape, self.max_characters)
        characters = np.zeros(shape, "int32")
        known = {}
        for row, words in zip(characters, texts, strict=True):
            for place, word in zip(row, words, strict=False):
                if word not in known:
                    cut = word[: self.max_characters]
                    known[word] = self.character_tokenizer.encode_words(cut)
                place[: len(known[word])] = known[word]
        return {"words": ids, "characters": characters}


def in_pieces(texts, tags, length):
    """Texts, and their tags, in pieces of so many words: two lists.

    >>> in_pieces([["a", "b", "c"]], None, 2)
    ([['a', 'b'], ['c']], None)
    """

    def cut(rows):
        return [
            list(row[start : start + length])
            for row in rows
            for start in range(0, len(row), length)
        ]

    if tags is not None:
        lengths = [(len(t), len(w)) for t, w in zip(tags, texts, strict=True)]
        wrong = [pair for pair in lengths if pair[0] != pair[1]]
        if wrong:
            raise ValueError(
                "Every word needs a tag. Received: "
                f"{wrong[0][0]} tags of {wrong[0][1]} words"
            )
    return cut(texts), None if tags is None else cut(tags)


def padded_tags(tags, class_names, length, padding=-1):
    """Tags, names or numbers, as an int32 array filled up with `padding`."""
    number = {name: index for index, name in enumerate(class_names)}
    rows = np.full((len(tags), length), padding, "int32")
    for row, found in zip(rows, tags, strict=True):
        unknown = {t for t in found if isinstance(t, str)} - set(number)
        if unknown:
            raise ValueError(
                f"The model knows the tags {class_names}. "
                f"Received: {sorted(unknown)}"
            )
        row[: len(found)] = [
            number[tag] if isinstance(tag, str) else tag for tag in found
        ]
    return rows


def is_words(x):
    """Whether `x` is a list, tuple or array of lists of words.

    >>> is_words([["a"], ("b", "c")]), is_words(["a"])
    (True, False)
    """
    if isinstance(x, np.ndarray):
        return x.dtype == object and is_words(x.tolist())
    if not isinstance(x, (list, tuple)) or not x:
        return False
    return all(
        isinstance(words, (list, tuple))
        and words
        and all(isinstance(word, str) for word in words)
        for words in x
    )


def check_tags(class_names):
    """Raises unless the classes are `O` and tags of entities."""
    entities(class_names)  # refuses what is no tag
    if "O" not in class_names or len(set(class_names)) != len(class_names):
        raise ValueError(
            "`class_names` must hold the tag O, and each tag once. "
            f"Received: {list(class_names)}"
        )
