"""Sums, best paths and single paths over a chain of tags.

A chain is a tensor of scores of pairs, `s[b, t, i, j]`: what it is worth that
tag `j` at place `t` follows tag `i`. At the first place nothing is followed,
and row 0 counts. A place that is not there, behind the end, has the score 0
where a tag follows itself and `IMPOSSIBLE` elsewhere, so that every function
here passes over it.
"""

from keras import ops

IMPOSSIBLE = -1e4  # finite in half precision; exp of it is 0


def pass_over(scores, there):
    """Makes places that are not there transparent.

    Args:
        scores: float tensor of shape `(batch, length, tags, tags)`.
        there: bool tensor of shape `(batch, length)`.

    Returns:
        A tensor of the shape and type of `scores`.

    Example:

    >>> there = ops.array([[True, True, False]])
    >>> scores = pass_over(ops.zeros((1, 3, 2, 2)), there)
    >>> round(float(log_partition(scores)[0]), 4)  # log 2^2
    1.3863
    """
    stay = IMPOSSIBLE * (1 - ops.eye(scores.shape[-1], dtype=scores.dtype))
    return ops.where(there[..., None, None], scores, stay)


def log_partition(scores):
    """The logarithm of the sum over all sequences of tags.

    `log sum_y exp(sum_t s_t[y_(t-1), y_t])`, by the forward algorithm.

    Args:
        scores: float tensor of shape `(batch, length, tags, tags)`.

    Returns:
        A float32 tensor of shape `(batch,)`.

    Example:

    >>> round(float(log_partition(ops.zeros((1, 3, 2, 2)))[0]), 4)  # log 2^3
    2.0794

    Reference:
        [Lafferty et al., 2001](https://repository.upenn.edu/handle/20.500.14332/6188)
    """
    total, marginals = _forward_backward(scores)
    # The derivative of the sum by a score is the probability of its pair.
    # Said outright, no loop need be differentiated, which XLA cannot do where
    # the length is not known beforehand.
    scores = ops.cast(scores, "float32")
    nothing = scores - ops.stop_gradient(scores)
    return total + ops.sum(marginals * nothing, axis=(1, 2, 3))


def pair_marginals(scores):
    """The probability of each pair of tags at each place.

    Args:
        scores: float tensor of shape `(batch, length, tags, tags)`.

    Returns:
        A float32 tensor of that shape. At the first place row 0 alone is
        not 0. It is the derivative of `log_partition` by the scores; none
        flows through it.

    Example:

    >>> pairs = pair_marginals(ops.zeros((1, 3, 2, 2)))[0]
    >>> ops.convert_to_numpy(ops.sum(pairs, axis=1)).round(3).tolist()
    [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
    """
    return _forward_backward(scores)[1]


def _forward_backward(scores):
    scores = ops.stop_gradient(ops.cast(scores, "float32"))
    scores = ops.transpose(scores, (1, 0, 2, 3))
    first = scores[0, :, 0]

    def forwards(before, pairs):
        here = ops.logsumexp(before[..., None] + pairs, axis=1)
        return here, here

    def backwards(after, pairs):
        here = ops.logsumexp(pairs + after[:, None], axis=2)
        return here, here

    last, alpha = ops.scan(forwards, first, scores[1:])
    begin, beta = ops.scan(
        backwards, ops.zeros_like(first), scores[1:], reverse=True
    )
    total = ops.logsumexp(last, axis=-1)
    before = ops.concatenate([first[None], alpha], axis=0)[:-1]
    after = ops.concatenate([beta, ops.zeros_like(first)[None]], axis=0)[1:]
    pairs = before[..., None] + scores[1:] + after[:, :, None]
    pairs = ops.exp(pairs - total[:, None, None])
    single = ops.exp(first + begin - total[:, None])
    rows = ops.one_hot(0, ops.shape(first)[-1], dtype="float32")
    start = rows[:, None] * single[:, None]
    marginals = ops.concatenate([start[None], pairs], axis=0)
    return total, ops.transpose(marginals, (1, 0, 2, 3))


def best_path(scores):
    """The sequence of tags of the highest score, by Viterbi's algorithm.

    Args:
        scores: float tensor of shape `(batch, length, tags, tags)`.

    Returns:
        An int32 tensor of shape `(batch, length)`. Places that are not there
        have the tag of the last one that is.

    Example:

    >>> scores = ops.zeros((1, 3, 2, 2)) + ops.array([[0.0, 1.0], [0.0, 2.0]])
    >>> ops.convert_to_numpy(best_path(scores)).tolist()
    [[1, 1, 1]]

    Reference:
        [Viterbi, 1967](https://doi.org/10.1109/TIT.1967.1054010)
    """
    scores = ops.transpose(ops.cast(scores, "float32"), (1, 0, 2, 3))

    def forwards(best, pairs):
        best = ops.max(best[..., None] + pairs, axis=1)
        return best, best

    first = scores[0, :, 0]
    last, best = ops.scan(forwards, first, scores[1:])
    before = ops.concatenate([first[None], best], axis=0)[:-1]
    tag = ops.cast(ops.argmax(last, axis=-1), "int32")

    def backwards(tag, pairs):
        # Of the pairs that end in this tag: (batch, tags).
        pairs = ops.take_along_axis(pairs, tag[:, None, None], axis=2)[..., 0]
        tag = ops.cast(ops.argmax(pairs, axis=-1), "int32")
        return tag, tag

    # One tensor: Keras scans no two of a length that is not known.
    pairs = before[..., None] + scores[1:]
    _, tags = ops.scan(backwards, tag, pairs, reverse=True)
    tags = ops.concatenate([tags, tag[None]], axis=0)
    return ops.transpose(tags, (1, 0))


def path_score(scores, tags):
    """The score of given sequences of tags.

    `sum_t s_t[y_(t-1), y_t]`

    Args:
        scores: float tensor of shape `(batch, length, tags, tags)`.
        tags: int tensor of shape `(batch, length)`; at places that are not
            there the tag of the last one that is.

    Returns:
        A float32 tensor of shape `(batch,)`.

    Example:

    >>> scores = ops.zeros((1, 2, 2, 2)) + ops.array([[0.0, 1.0], [0.0, 2.0]])
    >>> float(path_score(scores, ops.array([[1, 1]]))[0])  # 1 + 2
    3.0
    """
    scores = ops.cast(scores, "float32")
    tags = ops.cast(tags, "int32")
    shape = ops.shape(scores)
    before = ops.concatenate([ops.zeros_like(tags[:, :1]), tags[:, :-1]], 1)
    places = before * shape[-1] + tags
    pairs = ops.reshape(scores, (-1, shape[1], shape[-1] * shape[-1]))
    taken = ops.take_along_axis(pairs, places[..., None], axis=-1)
    return ops.sum(taken[..., 0], axis=-1)
