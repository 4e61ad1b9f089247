"""Attention whose key-value heads are shared, whole or in bands."""

from keras import ops

from keras_nn.ops.attention_positions import visible_keys

HIDDEN = -1e30  # a score that softmax makes zero, finite in a row of such


def grouped_attention(
    query, key, value, visible=None, key_mask=None, biases=(), drop=None
):
    """Softmax attention of heads that share keys and values in groups.

    `y = softmax(q k^T / sqrt(features) + biases) v`, scores in float32

    Args:
        query: float tensor of shape `(batch, queries, heads, features)`.
        key: float tensor of shape `(batch, groups, keys, features)`, as
            `heads_first` gives it; the groups divide the heads.
        value: float tensor of that shape.
        visible: bool tensor that broadcasts to `(batch, groups, members,
            queries, keys)` or None: which scores count.
        key_mask: bool tensor of shape `(batch, keys)` or None.
        biases: sequence of float tensors of shape `(heads, queries, keys)`.
        drop: callable on weights, or None.

    Returns:
        A float tensor of shape `(batch, queries, heads * features)`.

    Example:

    >>> x = ops.ones((1, 3, 2, 4))
    >>> keys = heads_first(x[:, :, :1])
    >>> grouped_attention(x, keys, keys).shape
    TensorShape([1, 3, 8])
    """
    # Groups in front of places: products of matrices that lie in memory as
    # they are, where a cache would be copied at each step otherwise.
    heads, features = query.shape[2:]
    groups = key.shape[1]
    members = heads // groups
    queries, keys = ops.shape(query)[1], ops.shape(key)[2]
    each = (-1, groups, members, queries, keys)
    flat = (-1, groups, members * queries)
    query = ops.reshape(heads_first(query * features**-0.5), (*flat, features))
    scores = ops.matmul(query, ops.swapaxes(key, 2, 3))
    scores = ops.reshape(ops.cast(scores, "float32"), each)
    for bias in biases:
        scores = scores + ops.reshape(
            ops.cast(bias, "float32"), (groups, members, queries, keys)
        )
    if key_mask is not None:
        there = ops.cast(key_mask, "bool")[:, None, None, None]
        visible = there if visible is None else visible & there
    if visible is not None:
        scores = ops.where(visible, scores, HIDDEN)
    weights = ops.cast(ops.softmax(scores), value.dtype)
    if drop is not None:
        weights = drop(weights)
    y = ops.matmul(ops.reshape(weights, (*flat, keys)), value)
    y = ops.reshape(y, (-1, heads, queries, features))
    return ops.reshape(heads_first(y), (-1, queries, heads * features))


def heads_first(x):
    """Changes places of axes 1 and 2: of heads and places, or back."""
    return ops.transpose(x, (0, 2, 1, 3))


def banded_attention(
    query, key, value, window, causal, key_mask=None, bias=None, drop=None
):
    """What `grouped_attention` is with a window, in linear time and memory.

    The text is cut into blocks as long as the window; each looks at itself,
    at the block before, and, if not causal, at the block behind.

    Args:
        query: as of `grouped_attention`.
        key: float tensor of shape `(batch, queries, groups, features)`.
        value: float tensor of that shape.
        window: int. A token sees keys less than so many tokens away.
        causal: bool. Whether a token sees none after itself.
        key_mask: as of `grouped_attention`.
        bias: callable from an int tensor `(queries, keys)`, how far each key
            lies behind each query, to a bias or None.
        drop: as of `grouped_attention`.

    Returns:
        A float tensor of shape `(batch, queries, heads * features)`.

    Example:

    >>> x = ops.ones((1, 7, 2, 4))
    >>> banded_attention(x, x, x, window=2, causal=True).shape
    TensorShape([1, 7, 8])
    """
    batch, length = ops.shape(query)[:2]
    if key_mask is None:
        key_mask = ops.ones((batch, length), "bool")
    key, value, there = (
        _neighbours(x, window, causal)
        for x in (key, value, ops.cast(key_mask, "int32"))
    )
    places = ops.arange(there.shape[1], dtype="int32")[None] - window
    relative = places - ops.arange(window, dtype="int32")[:, None]
    added = None if bias is None else bias(relative)
    y = grouped_attention(
        _fold(_blocks(query, window)),
        heads_first(key),
        heads_first(value),
        visible_keys(relative, causal, window),
        ops.cast(there, "bool"),
        [] if added is None else [added],
        drop,
    )
    y = ops.reshape(y, (batch, -1, y.shape[-1]))
    return y[:, :length]


def _blocks(x, size):
    """`(batch, length, ...)` as `(batch, blocks, size, ...)`, filled up."""
    rest = tuple(x.shape[2:])
    more = -ops.shape(x)[1] % size
    x = ops.pad(x, ((0, 0), (0, more), *[(0, 0)] * len(rest)))
    count = ops.shape(x)[1] // size
    return ops.reshape(x, (ops.shape(x)[0], count, size, *rest))


def _neighbours(x, size, causal):
    """Of each block what it looks at: `(batch * blocks, keys, ...)`."""
    blocks = _blocks(x, size)
    nothing = ops.zeros_like(blocks[:, :1])
    parts = [ops.concatenate([nothing, blocks[:, :-1]], axis=1), blocks]
    if not causal:
        parts.append(ops.concatenate([blocks[:, 1:], nothing], axis=1))
    return _fold(ops.concatenate(parts, axis=2))


def _fold(blocks):
    """Blocks as rows of a batch."""
    return ops.reshape(blocks, (-1, *blocks.shape[2:]))
