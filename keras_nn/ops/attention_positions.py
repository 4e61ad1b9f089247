"""How attention learns where tokens stand: turned pairs, slopes, buckets."""

import math

from keras import ops


def rotate_pairs(x, positions, base=10_000.0):
    """Turns pairs of features by angles that grow with the position.

    With `d` features, pair `i` holds features `i` and `i + d / 2`:

    `(a, b) -> (a cos t - b sin t, b cos t + a sin t)`,
    `t = position * base ** (-2 i / d)`

    The product of two turned vectors depends on the difference of their
    positions alone.

    Args:
        x: float tensor of shape `(batch, length, heads, features)`, an even
            number of features.
        positions: int tensor of shape `(length,)` or `(batch, length)`.
        base: float. Sets the slowest turn. Defaults to 10000.

    Returns:
        A tensor of the shape and type of `x`.

    Example:

    >>> x = ops.ones((1, 2, 1, 2))
    >>> ops.convert_to_numpy(rotate_pairs(x, ops.arange(2)))[0, 0, 0].tolist()
    [1.0, 1.0]

    Reference:
        [Su et al., 2021](https://arxiv.org/abs/2104.09864)
    """
    half = x.shape[-1] // 2
    exponents = ops.arange(half, dtype="float32") / half
    angles = ops.expand_dims(ops.cast(positions, "float32"), -1) / (
        base**exponents
    )
    angles = ops.expand_dims(angles, -2)  # (..., length, 1, half)
    cos = ops.cast(ops.cos(angles), x.dtype)
    sin = ops.cast(ops.sin(angles), x.dtype)
    a, b = x[..., :half], x[..., half:]
    return ops.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)


def alibi_slopes(num_heads):
    """The penalty of each head for one step of distance: a list of float.

    `2 ** (-8 h / n)` for heads `h = 1..n` if `n` is a power of two; else
    those of the next lower power, then every other one of the next higher.

    Args:
        num_heads: int.

    Example:

    >>> alibi_slopes(2)
    [0.0625, 0.00390625]

    Reference:
        [Press et al., 2022](https://arxiv.org/abs/2108.12409)
    """
    power = 2 ** math.floor(math.log2(num_heads))
    slopes = [2.0 ** (-8 * h / power) for h in range(1, power + 1)]
    between = [2.0 ** (-4 * h / power) for h in range(1, 2 * power, 2)]
    return slopes + between[: num_heads - power]


def relative_buckets(relative, bidirectional, num_buckets, max_distance):
    """Sorts distances into buckets: near ones exactly, far ones coarsely.

    Half of the buckets of a direction hold one distance each, the other
    half grow with the logarithm up to `max_distance`; the last one holds
    whatever is beyond.

    Args:
        relative: int tensor, position of the key minus that of the query.
        bidirectional: bool. Whether keys after the query have buckets, half
            of them all; otherwise such keys fall into bucket 0.
        num_buckets: int.
        max_distance: int.

    Returns:
        An int32 tensor of the shape of `relative`.

    Example:

    >>> distances = ops.convert_to_tensor([0, -1, -2, -3, -4, -100])
    >>> buckets = relative_buckets(distances, False, 4, 8)
    >>> ops.convert_to_numpy(buckets).tolist()
    [0, 1, 2, 2, 3, 3]

    Reference:
        [Raffel et al., 2020](https://arxiv.org/abs/1910.10683), section 2.1
    """
    relative = ops.cast(relative, "int32")
    first = ops.zeros_like(relative)
    if bidirectional:
        num_buckets //= 2
        first = ops.where(relative > 0, num_buckets, 0)
        distance = ops.abs(relative)
    else:
        distance = ops.maximum(-relative, 0)
    exact = num_buckets // 2
    ratio = ops.cast(ops.maximum(distance, 1), "float32") / exact
    growth = (num_buckets - exact) / math.log(max_distance / exact)
    # A hair above, so that an exact boundary is not rounded below it.
    far = exact + ops.cast(ops.log(ratio) * growth + 1e-5, "int32")
    far = ops.minimum(far, num_buckets - 1)
    return ops.cast(first + ops.where(distance < exact, distance, far), "int32")


def visible_keys(relative, causal=False, window=None):
    """Which keys a query may see, by their distance.

    Args:
        relative: int tensor, position of the key minus that of the query.
        causal: bool. Whether keys after the query are hidden. Defaults to
            False.
        window: int or None. Keys this far away or farther are hidden.
            Defaults to None.

    Returns:
        A bool tensor of the shape of `relative`, or None if nothing is
        hidden.

    Example:

    >>> relative = ops.arange(-3, 2)
    >>> visible = visible_keys(relative, causal=True, window=2)
    >>> ops.convert_to_numpy(visible).tolist()
    [False, False, True, True, False]
    """
    visible = None
    if causal:
        visible = relative <= 0
    if window is not None:
        near = ops.abs(relative) < window
        visible = near if visible is None else visible & near
    return visible
