"""Linear recurrences, all steps at once."""

from keras import ops


def linear_recurrence(decay, inputs):
    """A state that fades and takes in, at each step as much as it is told.

    `h_t = decay_t * h_(t-1) + inputs_t`, from `h_(-1) = 0`, by an associative
    scan: about `2 log2(length)` operations one after the other in place of
    `length`, and work and memory that grow linearly. Where the length is not
    known beforehand, step by step.

    Args:
        decay: float tensor of shape `(batch, length, ...)`.
        inputs: float tensor of that shape.

    Returns:
        A float tensor of that shape, all states.

    Example:

    >>> ones = ops.ones((1, 4))
    >>> ops.convert_to_numpy(linear_recurrence(0.5 * ones, ones)).tolist()
    [[1.0, 1.5, 1.75, 1.875]]

    Reference:
        [Blelloch, 1990](https://www.cs.cmu.edu/~guyb/papers/Ble93.pdf)
    """

    decay, inputs = map(ops.convert_to_tensor, (decay, inputs))
    if inputs.shape[1] is None:
        return _step_by_step(decay, inputs)
    return _in_pairs(decay, inputs)


def _in_pairs(decay, inputs):
    # Two steps are one of half as many: `(f g, a g + b)`. The states behind
    # pairs give those in between. (`ops.associative_scan` does the same, but
    # on TensorFlow not for a batch of unknown size.)
    length = inputs.shape[1]
    if length < 2:
        return inputs
    if length % 2:
        states = _in_pairs(decay[:, :-1], inputs[:, :-1])
        last = decay[:, -1:] * states[:, -1:] + inputs[:, -1:]
        return ops.concatenate([states, last], axis=1)
    # Not by slices of every other step: XLA mistakes their gradient.
    rest = tuple(ops.shape(inputs)[2:])
    paired = (-1, length // 2, 2, *rest)
    decay, inputs = (ops.reshape(x, paired) for x in (decay, inputs))
    fade, then_fade = decay[:, :, 0], decay[:, :, 1]
    first, second = inputs[:, :, 0], inputs[:, :, 1]
    behind = _in_pairs(fade * then_fade, first * then_fade + second)
    before = ops.concatenate(
        [ops.zeros_like(behind[:, :1]), behind[:, :-1]], axis=1
    )
    between = fade * before + first
    states = ops.stack([between, behind], axis=2)
    return ops.reshape(states, (-1, length, *rest))


def _step_by_step(decay, inputs):
    # One tensor: Keras scans no two of a length that is not known.
    both = ops.moveaxis(ops.stack([decay, inputs]), 2, 0)

    def step(state, both):
        state = both[0] * state + both[1]
        return state, state

    _, states = ops.scan(step, ops.zeros_like(inputs[:, 0]), both)
    return ops.moveaxis(states, 0, 1)


def selective_scan(x, delta, decay_rates, write, read, state=None):
    """The state space of Mamba, whose step sizes depend on the input.

    `h_t = exp(delta_t A) * h_(t-1) + delta_t B_t x_t`, `y_t = C_t . h_t`,
    with `states` numbers `h` for each feature

    Args:
        x: float tensor of shape `(batch, length, features)`.
        delta: float tensor of that shape, positive: the step sizes.
        decay_rates: float tensor `A` of shape `(features, states)`, negative.
        write: float tensor `B` of shape `(batch, length, states)`.
        read: float tensor `C` of that shape.
        state: float tensor `h` of shape `(batch, features, states)` or None:
            what is remembered of the steps before. Defaults to None.

    Returns:
        A float tensor of the shape of `x`; with a state, that and the state
        behind the last step.

    Example:

    >>> x, states = ops.ones((1, 3, 1)), ops.ones((1, 3, 1))
    >>> y = selective_scan(x, x, ops.array([[-1.0]]), states, states)
    >>> [round(float(value), 3) for value in y[0, :, 0]]
    [1.0, 1.368, 1.503]

    Reference:
        [Gu and Dao, 2023](https://arxiv.org/abs/2312.00752), algorithm 2
    """
    decay = ops.exp(delta[..., None] * decay_rates)
    inputs = (delta * x)[..., None] * write[:, :, None]
    if state is not None:
        first = inputs[:, :1] + decay[:, :1] * state[:, None]
        inputs = ops.concatenate([first, inputs[:, 1:]], axis=1)
    states = linear_recurrence(decay, inputs)
    y = ops.sum(states * read[:, :, None], axis=-1)
    return y if state is None else (y, states[:, -1])
