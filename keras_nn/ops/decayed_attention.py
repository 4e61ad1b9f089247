"""Attention without softmax, whose past fades: a recurrence in chunks."""

from keras import ops

from keras_nn.ops.selective_scan import linear_recurrence


def decayed_attention(query, key, value, decay, state=None, chunk=64):
    """What a state says that takes in a key and a value at each step.

    `S_t = g S_(t-1) + k_t v_t^T`, `y_t = q_t S_t`, which is also
    `y_t = sum_(s <= t) g^(t - s) (q_t . k_s) v_s`: the second form within
    chunks, the first between them, so that work grows linearly.

    Args:
        query: float tensor of shape `(batch, length, heads, features)`.
        key: float tensor of that shape.
        value: float tensor of shape `(batch, length, heads, outputs)`.
        decay: float tensor `g` of shape `(heads,)`, in (0, 1].
        state: float tensor `S` of shape `(batch, heads, features, outputs)`
            or None: of the steps before.
        chunk: int. Steps of a chunk. Defaults to 64.

    Returns:
        A float tensor of the shape of `value`; with a state, that and the
        state behind the last step.

    Example:

    >>> x = ops.ones((1, 3, 1, 1))
    >>> y = decayed_attention(x, x, x, ops.array([0.5]))
    >>> [float(v) for v in y[0, :, 0, 0]]
    [1.0, 1.5, 1.75]

    Reference:
        [Sun et al., 2023](https://arxiv.org/abs/2307.08621)
    """
    length = query.shape[1]
    size = chunk if length is None else min(chunk, length)
    log = ops.log(ops.convert_to_tensor(decay))  # (heads,)
    steps = ops.arange(size, dtype=log.dtype)
    q, k, v = (_chunks(x, size) for x in (query, key, value))

    gap = steps[:, None] - steps
    fade = ops.exp(log[:, None, None] * ops.maximum(gap, 0))  # heads, i, j
    fade = fade * ops.cast(gap >= 0, fade.dtype)
    scores = ops.einsum("bnihd,bnjhd->bnhij", q, k) * fade
    y = ops.einsum("bnhij,bnjhe->bnihe", scores, v)

    left = ops.exp(log * (size - 1 - steps)[:, None])[..., None]  # j, heads, 1
    taken = ops.einsum("bnjhd,bnjhe->bnhde", k * left, v)
    whole = ops.exp(log * size)[:, None, None]
    before = ops.zeros_like(taken[:, :1])
    if state is not None:
        before = before + state[:, None]
    taken = ops.concatenate(
        [taken[:, :1] + whole * before, taken[:, 1:]], axis=1
    )
    states = linear_recurrence(whole * ops.ones_like(taken), taken)
    before = ops.concatenate([before, states[:, :-1]], axis=1)
    since = ops.exp(log * (steps + 1)[:, None])[..., None]  # i, heads, 1
    y = y + ops.einsum("bnihd,bnhde->bnihe", q * since, before)

    count = ops.shape(query)[1]
    y = ops.reshape(y, (ops.shape(y)[0], -1, *value.shape[2:]))[:, :count]
    if state is None:
        return y
    # Not the last of `states`, in which what fills up a chunk fades, too.
    rest = ops.cast(count - 1 - ops.arange(count), log.dtype)
    left = ops.exp(log * rest[:, None])[..., None]
    after = ops.einsum("bthd,bthe->bhde", key * left, value)
    whole = ops.exp(log * ops.cast(count, log.dtype))[:, None, None]
    return y, after + whole * state


def _chunks(x, size):
    rest = tuple(x.shape[2:])
    more = -ops.shape(x)[1] % size
    x = ops.pad(x, ((0, 0), (0, more), *[(0, 0)] * len(rest)))
    count = ops.shape(x)[1] // size
    return ops.reshape(x, (ops.shape(x)[0], count, size, *rest))
