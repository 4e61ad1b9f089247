import numpy as np

from keras_nn.data.stratified import check_classes


def folds(split, k, seed=0, stratify=True):
    """Cross-validation: every example is in the test part of one fold.

    The test parts differ in size by one at most; with `stratify` so do the
    numbers of each class in them.

    Args:
        split: `Split`.
        k: int. Number of folds, from 2 to the number of examples.
        seed: int. The same seed draws the same folds.
        stratify: bool. Whether to draw class by class.

    Returns:
        A list of `k` pairs of `Split`: training and test part.

    Raises:
        ValueError: If there are too few examples; with `stratify`, if the
            targets are not classes or one has a single example, of which a
            fold would have none to learn from.

    Example:

    >>> from keras_nn.data import Split
    >>> split = Split(np.arange(10.0), np.arange(10) % 2)
    >>> for train, test in folds(split, 5):
    ...     print(len(train), len(test), sorted(test.y.tolist()))
    8 2 [0, 1]
    8 2 [0, 1]
    8 2 [0, 1]
    8 2 [0, 1]
    8 2 [0, 1]

    Reference:
        Kohavi, *A Study of Cross-Validation and Bootstrap for Accuracy
        Estimation and Model Selection*, IJCAI 1995.
    """
    if not 2 <= k <= len(split):
        raise ValueError(
            "`k` must be from 2 to the number of examples. Received: "
            f"{k=} and {len(split)} examples"
        )
    order = np.random.default_rng(seed).permutation(len(split))
    if stratify:
        y = check_classes(split.y)
        order = order[np.argsort(y[order], kind="stable")]
        classes, counts = np.unique(y, return_counts=True)
        if counts.min() < 2:
            raise ValueError(
                "Every class must have two examples at least, one to learn "
                "from. Received: one example of class "
                f"{classes[counts.argmin()]}"
            )
    fold = np.empty(len(split), int)
    # The members of a class are neighbours in the order, so each fold gets
    # its share of them.
    fold[order] = np.arange(len(split)) % k
    return [
        (split[np.flatnonzero(fold != i)], split[np.flatnonzero(fold == i)])
        for i in range(k)
    ]
