"""The parts that a data set does not come with."""


def draw_parts(
    splits, validation_fraction, test_fraction, seed=0, stratify=None
):
    """Draws the absent parts from the training examples.

    Args:
        splits: dict of `Split` with `train`, and any of `validation` and
            `test`.
        validation_fraction: float. Share of all the training examples that
            becomes the validation set; 0 for none.
        test_fraction: float. The same for the test set.
        seed: int. The same seed draws the same parts.
        stratify: bool or None, as in `Split.split`.

    Returns:
        A dict with all three parts, None for one that was not wanted.

    Example:

    >>> import numpy as np
    >>> from keras_nn.data import Split
    >>> whole = Split(np.arange(10.0), np.arange(10) % 2)
    >>> parts = draw_parts({"train": whole}, 0.2, 0.4)
    >>> len(parts["train"]), len(parts["validation"]), len(parts["test"])
    (4, 2, 4)
    """
    splits = dict(splits)
    shares = {"test": test_fraction, "validation": validation_fraction}
    count = len(splits["train"])
    for part, share in shares.items():
        if part in splits:
            continue
        splits[part] = None
        if share:
            # A share of all the examples, not of those still there.
            left = len(splits["train"])
            splits["train"], splits[part] = splits["train"].split(
                share * count / left, seed, stratify
            )
    return splits
