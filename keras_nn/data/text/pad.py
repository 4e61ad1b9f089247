import numpy as np


def pad(sequences, length=None, padding=0, multiple=1):
    """Sequences of unequal length as one array, filled up at the end.

    Args:
        sequences: list of sequences of int. None may be empty.
        length: int or None. What is longer is cut. Defaults to the longest.
        padding: int. What it is filled up with. Defaults to 0.
        multiple: int. The length is rounded up to a multiple of this one, so
            that fewer lengths occur. Defaults to 1.

    Returns:
        An int32 array `(sequences, length)`.

    Raises:
        ValueError: if there is no sequence, or an empty one.

    Example:

    >>> pad([[5, 6, 7], [8]], multiple=4).tolist()
    [[5, 6, 7, 0], [8, 0, 0, 0]]
    """
    lengths = [len(sequence) for sequence in sequences]
    if not lengths or not min(lengths):
        raise ValueError(
            "There must be a sequence, and none may be empty. Received: "
            f"{len(lengths)} sequences, {lengths.count(0)} of them empty"
        )
    longest = max(lengths) if length is None else min(length, max(lengths))
    width = -(-longest // multiple) * multiple
    if length is not None:
        width = min(width, length)
    array = np.full((len(lengths), width), padding, "int32")
    for row, sequence in zip(array, sequences, strict=True):
        part = sequence[:width]
        row[: len(part)] = part
    return array
