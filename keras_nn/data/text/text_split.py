import numpy as np

from keras_nn.data.split import Split


class TextSplit(Split):
    """Texts that belong together, to be cut into tokens by a model.

    Args:
        texts: sequence of str, none of them empty. The inputs; there are no
            targets but the texts themselves.

    Raises:
        ValueError: if there is no text, or an empty one.

    Example:

    >>> train = TextSplit(["To be", "or not to be"])
    >>> len(train), train.characters
    (2, 17)
    """

    def __init__(self, texts):
        texts = list(texts)
        if not texts or not all(texts):
            raise ValueError(
                "There must be a text, and none may be empty. Received: "
                f"{len(texts)} texts, {texts.count('')} of them empty"
            )
        x = np.empty(len(texts), dtype=object)
        x[:] = texts
        super().__init__(x, np.zeros(len(texts), "int64"))

    @property
    def text(self):
        """str. All texts, one after the other, a line's end between."""
        return "\n".join(self.x)

    @property
    def characters(self):
        """int. Length of all texts."""
        return sum(map(len, self.x))

    def split(self, fraction, seed=0, stratify=True):
        """As of a `Split`; a single text is cut once, near its end."""
        if len(self) > 1:
            return super().split(fraction, seed, stratify)
        (text,) = self.x
        cut = round(len(text) * (1 - fraction))
        if not 0 < cut < len(text):
            raise ValueError(
                "Both parts of a text need a character. Received: "
                f"{fraction=} of {len(text)} characters"
            )
        return TextSplit([text[:cut]]), TextSplit([text[cut:]])

    def __getitem__(self, indices):
        return TextSplit(self.x[indices])

    def __repr__(self):
        return f"TextSplit({len(self)} texts, {self.characters} characters)"


def is_text(x):
    """Whether `x` is text: a str, a list of str, or a `TextSplit`."""
    if isinstance(x, (list, tuple)):
        return bool(x) and all(isinstance(one, str) for one in x)
    return isinstance(x, (str, TextSplit))


def as_text(x):
    """`x`, of which `is_text` is true, as a `TextSplit`."""
    if isinstance(x, TextSplit):
        return x
    return TextSplit([x] if isinstance(x, str) else x)
