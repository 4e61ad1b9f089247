from keras_nn.data import carried


def load(name, path=None, seed=0, validation_fraction=0.1):
    """A named data set in its official split.

    Sets that scikit-learn carries (`breast-cancer`, `diabetes`, `digits`,
    `iris`, `wine`) need no file; they have no official split, so a fifth of
    them, always the same, is the test set.

    Args:
        name: str. One of `names()`.
        path: optional str. A folder where the official files lie.
        seed: int. Draws the validation set.
        validation_fraction: float. Share of the training examples that
            become the validation set, class by class. With 0 the validation
            set is `None` and the training set is the official one.

    Returns:
        A `Splits`.

    Raises:
        ValueError: If there is no set of that name.

    Example:

    >>> digits = load("digits")
    >>> digits.train, digits.num_classes
    (Split(1294 examples of shape (8, 8, 1)), 10)
    >>> len(digits.validation), len(digits.test)
    (144, 359)
    """
    if name not in names():
        raise ValueError(
            f"`name` must be one of {', '.join(names())}. Received: {name!r}"
        )
    if path is not None:
        raise ValueError(
            f"`{name}` comes with scikit-learn and is not read from a folder. "
            f"Received: {path=}"
        )
    return carried.READERS[name](seed, validation_fraction)


def names():
    """The names that `load` knows, sorted.

    >>> "digits" in names()
    True
    """
    return sorted(carried.READERS)
