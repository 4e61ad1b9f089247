import numpy as np

from keras_nn.explain.explainer import require_positive


def deletion_curve(
    explainer,
    inputs,
    attributions=None,
    targets=None,
    baselines=None,
    steps=20,
    insert=False,
):
    """How fast the score falls when what matters most is taken away first.

    Also known as pixel flipping, and its area as selectivity.

    Positions of the input (numbers, where it has none) are replaced by the
    baseline, those of the highest attribution first. A good explanation makes
    the score fall at once, so the mean of the curve, the area below it, is
    small. The other way round, `insert`, begins with the baseline and adds;
    then the area should be large.

    Args:
        explainer: `Explainer`. Its model, output and batch size are used;
            with `linear=False` the curve is of probabilities. Without
            `attributions`, its explanation is judged.
        inputs: array `(n, ...)`: for models with one input.
        attributions: array `(n, ...)` of the shape of the inputs, or with one
            channel; None asks the explainer.
        targets: as of `Explainer`.
        baselines: as of `Explainer`. What is taken away becomes this.
        steps: int. Points of the curve after the first. Defaults to 20.
        insert: bool. Whether to add instead. Defaults to False.

    Returns:
        float array `(n, steps + 1)`: the score with `k / steps` of the
        positions taken away, or added.

    Raises:
        ValueError: if `steps` is not positive, or on several inputs.

    Example:

    >>> import keras
    >>> from keras_nn.explain import InputXGradient
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> x = np.array([[1.0, 4.0, 2.0]])
    >>> deletion_curve(InputXGradient(model), x, steps=3)
    array([[7., 3., 1., 0.]], dtype=float32)

    Reference:
        [Petsiuk et al., 2018](https://arxiv.org/abs/1806.07421)
    """
    require_positive(steps=steps)
    if attributions is None:
        explained = explainer(inputs, targets)
        attributions, targets = explained.attributions, explained.targets
    view = explainer.view(inputs)
    flat = view.flat_inputs(inputs)
    if len(flat) != 1:
        raise ValueError(
            f"the model must have one input. Received: {len(flat)} inputs"
        )
    targets = explainer.scores.choose(flat, targets)
    x, absent = flat[0], explainer.baselines(flat, baselines)[0]
    given = np.asarray(attributions)
    rank = ranks(given)
    count = rank[0].size
    taken = np.linspace(0, count, steps + 1).round()

    def make(rows):
        example, step = np.divmod(rows, steps + 1)
        limit = taken[step].reshape(-1, *(1,) * (x.ndim - 1))
        first = rank[example] < limit
        high, low = (x, absent) if insert else (absent, x)
        return [np.where(first, high[example], low[example])]

    scores = explainer.scores.values(make, targets.repeat(steps + 1))
    return scores.reshape(-1, steps + 1)


def ranks(attributions):
    """How many positions of an example have a higher attribution.

    Args:
        attributions: array `(n, *positions, channels)`, whose channels are
            summed, or `(n, features)`.

    Returns:
        int array `(n, *positions, 1)`, or `(n, features)`: 0 for the highest;
        of equal ones the first goes first.
    """
    spatial = attributions.ndim > 2
    weights = (
        attributions.sum(axis=-1, keepdims=True) if spatial else attributions
    )
    places = weights.reshape(len(weights), -1)
    order = np.argsort(-places, axis=1, kind="stable")
    return np.argsort(order, axis=1).reshape(weights.shape)
