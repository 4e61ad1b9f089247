"""Networks that stop making maps smaller, and put holes into kernels."""


def check_output_stride(output_stride, least):
    """Refuses what is no power of two, or less than the stem's stride."""
    if output_stride is None:
        return
    if output_stride < least or output_stride & (output_stride - 1):
        raise ValueError(
            f"`output_stride` must be None or a power of two from {least} on. "
            f"Received: {output_stride=}"
        )


def dilated(stride, rate, strides, output_stride):
    """How a network that may not make maps smaller any more goes on.

    Where a convolution would move `strides` pixels beyond the limit it moves
    one, and the taps of all kernels behind it are so many times as far apart:
    at the places that the smaller map would have had, the larger one has the
    same numbers.

    Args:
        stride: int, in pixels, of the map before the convolution.
        rate: int. Distance between taps before it.
        strides: int. Pixels that it would move.
        output_stride: int or None. The largest stride that a map may have.

    Returns:
        `(strides, rate)`: what it moves, and the distance between taps behind
        it.

    Example:

    >>> dilated(8, 1, 2, None), dilated(8, 1, 2, 16), dilated(16, 1, 2, 16)
    ((2, 1), (2, 1), (1, 2))
    """
    if output_stride is None or stride * strides <= output_stride:
        return strides, rate
    return 1, rate * strides
