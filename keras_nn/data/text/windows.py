import numpy as np

from keras_nn.data.split import Split


def windows(ids, length, padding=-1):
    """A whole text in consecutive windows, each token a target once.

    Window `k` holds the tokens from `k length` on and, as targets, the same
    moved by one. The last window is filled up with token 0 and target
    `padding`.

    Args:
        ids: int array `(tokens,)`, at least `length + 1` of them.
        length: int. Tokens of a window.
        padding: int. The target of what is not there. Defaults to -1.

    Returns:
        A `Split` of int32 arrays `(windows, length)`.

    Raises:
        ValueError: if the text is shorter than a window.

    Example:

    >>> split = windows(np.arange(6), length=3)
    >>> split.x.tolist(), split.y.tolist()
    ([[0, 1, 2], [3, 4, 0]], [[1, 2, 3], [4, 5, -1]])
    """
    ids = np.asarray(ids, "int32")
    check_text(ids, length)
    count = -(-(len(ids) - 1) // length)
    x = np.zeros(count * length, "int32")
    y = np.full(count * length, padding, "int32")
    x[: len(ids) - 1], y[: len(ids) - 1] = ids[:-1], ids[1:]
    return Split(x.reshape(-1, length), y.reshape(-1, length))


def check_text(ids, length):
    """Raises unless a text holds a block of `length` tokens and a target."""
    if length < 1:
        raise ValueError(f"`length` must be positive. Received: {length=}")
    if ids.ndim != 1 or len(ids) < length + 1:
        raise ValueError(
            f"A text must hold more than {length} tokens, the context of the "
            f"model. Received: shape {ids.shape}"
        )
