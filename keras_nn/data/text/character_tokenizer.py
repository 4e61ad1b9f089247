import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class CharacterTokenizer:
    """Every character is a token; the vocabulary is part of the config.

    Args:
        characters: str or list of str of length one, all different: the
            vocabulary. Character `k` has the id `k`.
        unknown: str or None. The character of the vocabulary that stands for
            any that is not in it. None refuses such characters. Defaults to
            None.

    Raises:
        ValueError: if a character comes twice, or `unknown` is none of them.

    Example:

    >>> tokenizer = CharacterTokenizer.of("to be or not to be")
    >>> ids = tokenizer.encode("not")
    >>> tokenizer.decode(ids), tokenizer.vocabulary_size
    ('not', 7)
    """

    def __init__(self, characters, unknown=None):
        characters = list(characters)
        if not characters or any(len(c) != 1 for c in characters):
            raise ValueError(
                "`characters` must be single characters. Received: "
                f"{[c for c in characters if len(c) != 1][:5]}"
            )
        if len(set(characters)) != len(characters):
            twice = sorted({c for c in characters if characters.count(c) > 1})
            raise ValueError(
                "`characters` must all be different. Received twice: "
                f"{twice[:5]}"
            )
        if unknown is not None and unknown not in characters:
            raise ValueError(
                f"`unknown` must be one of the characters. Received: {unknown=}"
            )
        self.characters = "".join(characters)
        self.unknown = unknown
        self._ids = {c: index for index, c in enumerate(characters)}

    @classmethod
    def of(cls, text, unknown=None):
        """A tokenizer of the characters of a text, in Unicode's order.

        Args:
            text: str.
            unknown: str or None, as in the constructor; added if the text
                does not have it.
        """
        characters = sorted({*text, *(unknown or "")})
        return cls(characters, unknown)

    @property
    def vocabulary_size(self):
        """int. Number of different ids."""
        return len(self.characters)

    @property
    def token_bytes(self):
        """List of int: the length of each token in bytes of UTF-8."""
        return [len(character.encode()) for character in self.characters]

    def encode(self, text):
        """The ids of a text: a list of int.

        Args:
            text: str.

        Raises:
            ValueError: naming a character that is not in the vocabulary, and
                where it is.
        """
        ids = self._ids
        if self.unknown is not None:
            unknown = ids[self.unknown]
            return [ids.get(character, unknown) for character in text]
        try:
            return [ids[character] for character in text]
        except KeyError as error:
            character = error.args[0]
            raise ValueError(
                "The text must consist of characters of the vocabulary "
                f"{self.characters!r}. Received: {character!r} "
                f"(U+{ord(character):04X}) at position {text.index(character)}"
            ) from None

    def decode(self, ids):
        """The text of ids: str.

        Args:
            ids: sequence of int.
        """
        size = len(self.characters)
        wrong = [int(i) for i in ids if not 0 <= i < size]
        if wrong:
            raise ValueError(
                f"ids must lie in [0, {size - 1}]. Received: {wrong[0]}"
            )
        return "".join([self.characters[i] for i in ids])

    def get_config(self):
        return {"characters": self.characters, "unknown": self.unknown}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
