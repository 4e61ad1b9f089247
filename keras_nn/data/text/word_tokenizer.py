import re
from collections import Counter

import keras

from keras_nn.data import sealed_json

# Words, what hangs on one by an apostrophe, single signs.
PATTERN = r"'\w+|\w+|[^\w\s]"
SPECIALS = ("[PAD]", "[UNK]")


@keras.saving.register_keras_serializable(package="keras_nn")
class WordTokenizer:
    """Every word is a token; the vocabulary is part of the config.

    Ids are given in the order of `specials`, then of `words`: 0 is padding,
    1 stands for any word that is not in the vocabulary.

    Args:
        words: list of str, all different, none of them in `specials`.
        pattern: str. Regular expression of a word; what lies between two
            matches is dropped. Defaults to words and single signs.
        lowercase: bool. Whether texts are made lower case. Defaults to False.
        specials: list of str. Padding, the unknown word, further tokens that
            no text holds, such as `"[MASK]"`. Defaults to
            `("[PAD]", "[UNK]")`.

    Raises:
        ValueError: if a word comes twice, or padding or unknown is missing.

    Example:

    >>> tokenizer = WordTokenizer.of(["To be or not to be."], lowercase=True)
    >>> tokenizer.encode("To be, or so")
    [3, 2, 1, 6, 1]
    >>> tokenizer.decode([3, 2, 0, 0]), tokenizer.vocabulary_size
    ('to be', 7)
    """

    def __init__(
        self, words, pattern=PATTERN, lowercase=False, specials=SPECIALS
    ):
        words, specials = list(words), list(specials)
        if len(specials) < 2:
            raise ValueError(
                "`specials` must begin with padding and the unknown word. "
                f"Received: {specials=}"
            )
        every = [*specials, *words]
        if len(set(every)) != len(every):
            twice = [w for w, n in Counter(every).items() if n > 1]
            raise ValueError(
                f"`words` must all be different. Received twice: {twice[:5]}"
            )
        self.words = words
        self.pattern = pattern
        self.lowercase = lowercase
        self.specials = specials
        self._every = every
        self._ids = {word: index for index, word in enumerate(every)}
        self._expression = re.compile(pattern)

    @classmethod
    def of(
        cls,
        texts,
        max_words=None,
        min_count=1,
        pattern=PATTERN,
        lowercase=False,
        specials=SPECIALS,
    ):
        """A tokenizer of the words of texts, the most frequent first.

        Args:
            texts: iterable of str.
            max_words: int or None. So many of the most frequent. None keeps
                all.
            min_count: int. Rarer words are left out. Defaults to 1.
            pattern, lowercase, specials: as in the constructor.
        """
        counts = Counter()
        empty = cls([], pattern, lowercase, specials)
        for text in texts:
            counts.update(empty.split(text))
        for special in specials:
            counts.pop(special, None)
        words = sorted(
            (word for word, count in counts.items() if count >= min_count),
            key=lambda word: (-counts[word], word),
        )
        return cls(words[:max_words], pattern, lowercase, specials)

    @property
    def vocabulary_size(self):
        """int. Number of different ids."""
        return len(self._every)

    @property
    def padding_id(self):
        """int. The id of what is not there."""
        return 0

    @property
    def unknown_id(self):
        """int. The id of words that are not in the vocabulary."""
        return 1

    def id_of(self, word):
        """The id of a word or of one of the specials: int.

        Raises:
            ValueError: if it is none.
        """
        if word not in self._ids:
            raise ValueError(
                f"There is no such word in the vocabulary. Received: {word!r}"
            )
        return self._ids[word]

    def words_of(self, ids):
        """The word of each id: a list of str."""
        size = len(self._every)
        wrong = [int(i) for i in ids if not 0 <= i < size]
        if wrong:
            raise ValueError(
                f"ids must lie in [0, {size - 1}]. Received: {wrong[0]}"
            )
        return [self._every[i] for i in ids]

    def split(self, text):
        """The words of a text: a list of str."""
        found = self._expression.findall(text)
        return [word.lower() for word in found] if self.lowercase else found

    def spans(self, text):
        """Where the words of a text stand: a list of `(start, end)`."""
        return [match.span() for match in self._expression.finditer(text)]

    def encode(self, text):
        """The ids of a text: a list of int."""
        return self.encode_words(self.split(text))

    def encode_words(self, words):
        """The ids of words, as `split` gives them: a list of int."""
        ids, unknown = self._ids, self.unknown_id
        if self.lowercase:
            return [ids.get(word.lower(), unknown) for word in words]
        return [ids.get(word, unknown) for word in words]

    def decode(self, ids):
        """The words of ids with blanks between, without padding: str."""
        return " ".join(self.words_of([i for i in ids if i != 0]))

    def save(self, path):
        """Writes the tokenizer into a JSON file of its own."""
        sealed_json.write(path, self.get_config())

    @classmethod
    def load(cls, path):
        """The tokenizer that `save` wrote.

        Raises:
            ValueError: if the file is damaged.
        """
        return cls.from_config(sealed_json.read(path))

    def get_config(self):
        return {
            "words": list(self.words),
            "pattern": self.pattern,
            "lowercase": self.lowercase,
            "specials": list(self.specials),
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)
