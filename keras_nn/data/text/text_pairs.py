import numpy as np

from keras_nn.data.split import Split


class TextPairs(Split):
    """Texts and what each becomes: sentences and their translations.

    Args:
        sources: sequence of str.
        targets: sequence of str, one for each source.

    Raises:
        ValueError: if the two differ in number, or there are none.

    Example:

    >>> pairs = TextPairs(["a man", "a dog"], ["ein Mann", "ein Hund"])
    >>> len(pairs), pairs.targets[1]
    (2, 'ein Hund')
    """

    def __init__(self, sources, targets):
        sources, targets = _texts(sources), _texts(targets)
        if len(sources) != len(targets) or not len(sources):
            raise ValueError(
                "There must be a pair, and a target for each source. "
                f"Received: {len(sources)} sources and {len(targets)} targets"
            )
        super().__init__(sources, targets)

    @property
    def sources(self):
        """List of str."""
        return self.x.tolist()

    @property
    def targets(self):
        """List of str."""
        return self.y.tolist()

    def split(self, fraction, seed=0, stratify=False):
        """As of a `Split`; texts have no classes."""
        return super().split(fraction, seed, stratify=False)

    def __getitem__(self, indices):
        return TextPairs(self.x[indices], self.y[indices])

    def __repr__(self):
        return f"TextPairs({len(self)} pairs)"


def _texts(texts):
    texts = list(texts)
    wrong = [text for text in texts if not isinstance(text, str)]
    if wrong:
        raise ValueError(
            f"Texts must be str. Received: {type(wrong[0]).__name__}"
        )
    found = np.empty(len(texts), dtype=object)
    found[:] = texts
    return found
