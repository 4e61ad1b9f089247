import numpy as np

from keras_nn.explain.deletion_curve import ranks


def road_curve(
    explainer,
    inputs,
    attributions=None,
    targets=None,
    shares=(0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9),
    least_first=False,
    noise=0.01,
    accuracy=True,
    seed=0,
):
    """What is left of the prediction as what matters most is blurred away.

    Remove and debias (ROAD): the share of positions with the highest
    attributions is not replaced by a colour, whose shape would give away what
    stood there, but filled in from around: every missing position is the
    weighted mean of its eight neighbours (1/6 straight, 1/12 diagonal), known
    or missing, which is a linear system; and a little noise. A good
    explanation makes the curve fall at once; with `least_first` it should
    stay up.

    Args:
        explainer: `Explainer`. Its model, output and batch size are used;
            without `attributions`, its explanation is judged.
        inputs: array `(n, height, width, channels)`: for models with one
            input of pictures.
        attributions: array of the shape of the inputs, or with one channel;
            None asks the explainer.
        targets: as of `Explainer`.
        shares: sequence of float in (0, 1): of the positions, taken away.
        least_first: bool. Whether to take the lowest attributions first.
            Defaults to False.
        noise: float. Standard deviation of the noise on what is filled in,
            in units of the inputs. Defaults to 0.01.
        accuracy: bool. Whether to return if the target is still predicted,
            1 or 0, as in the paper; or else its score. Defaults to True.
        seed: int. Of the noise. Defaults to 0.

    Returns:
        float32 array `(n, shares)`.

    Raises:
        ValueError: on shares out of range, or inputs that are no pictures.

    Example:

    >>> import keras
    >>> from keras_nn.explain import InputXGradient
    >>> model = keras.Sequential([
    ...     keras.Input((4, 4, 1)), keras.layers.Flatten(),
    ...     keras.layers.Dense(2),
    ... ])
    >>> road_curve(InputXGradient(model), np.ones((3, 4, 4, 1))).shape
    (3, 7)

    Reference:
        [Rong et al., 2022](https://arxiv.org/abs/2202.00449)
    """
    shares = np.asarray(shares, "float64")
    if shares.ndim != 1 or not ((shares > 0) & (shares < 1)).all():
        raise ValueError(
            "`shares` must be numbers between 0 and 1, without these. "
            f"Received: {shares.tolist()}"
        )
    if attributions is None:
        explained = explainer(inputs, targets)
        attributions, targets = explained.attributions, explained.targets
    flat = explainer.view(inputs).flat_inputs(inputs)
    if len(flat) != 1 or flat[0].ndim != 4:
        raise ValueError(
            "the model must have one input of pictures. Received: inputs of "
            f"shapes {[x.shape for x in flat]}"
        )
    scores, pictures = explainer.scores, flat[0]
    targets = scores.choose(flat, targets)
    given = np.asarray(attributions)
    rank = ranks(-given if least_first else given)[..., 0]
    random = np.random.default_rng(seed)
    count = rank[0].size
    curve = []
    for share in shares:
        # One position at least is left, to fill in from.
        missing = rank < min(round(share * count), count - 1)
        filled = np.stack(
            [filled_in(x, m) for x, m in zip(pictures, missing, strict=True)]
        )
        drawn = random.normal(0, noise, filled.shape) * missing[..., None]
        filled = [(filled + drawn).astype("float32")]
        if accuracy:
            said = scores.choose(filled, None)
            curve.append((said == targets).astype("float32"))
        else:
            curve.append(explainer.values(filled, targets))
    return np.stack(curve, axis=1)


def filled_in(picture, missing):
    """A picture whose missing positions are means of their neighbours.

    Args:
        picture: float array `(height, width, channels)`.
        missing: bool array `(height, width)`, not all True.

    Returns:
        float64 array of the picture's shape.

    Example:

    >>> row = np.array([[[0.0], [9.0], [9.0], [3.0]]])
    >>> filled_in(row, np.array([[False, True, True, False]]))[0, :, 0]
    array([0., 1., 2., 3.])
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse import diags
    from scipy.sparse.linalg import splu

    height, width, channels = picture.shape
    number = np.arange(height * width).reshape(height, width)
    ends, weights = [], []
    for down, right, weight in _NEIGHBOURS:
        one = number[: height - down, max(0, -right) : width - max(0, right)]
        two = number[down:, max(0, right) : width + min(0, right)]
        pair = np.stack([one.reshape(-1), two.reshape(-1)])
        ends += [pair, pair[::-1]]
        weights += [np.full(one.size, weight)] * 2
    ends, weights = np.concatenate(ends, axis=1), np.concatenate(weights)
    joined = coo_matrix((weights, ends), shape=(number.size,) * 2).tocsr()
    whole = diags(np.asarray(joined.sum(axis=1))[:, 0])
    gone = missing.reshape(-1)
    values = picture.reshape(-1, channels).astype("float64")
    if gone.any():
        system = (whole - joined)[gone][:, gone].tocsc()
        known = joined[gone][:, ~gone] @ values[~gone]
        values[gone] = splu(system).solve(known)
    return values.reshape(picture.shape)


# Half of the neighbours, rows down and columns right; the others mirror them.
_NEIGHBOURS = ((0, 1, 1 / 6), (1, 0, 1 / 6), (1, 1, 1 / 12), (1, -1, 1 / 12))
