import numpy as np


def superpixels(picture, count=60, compactness=10.0, iterations=10):
    """Connected regions of like colour as features: SLIC.

    k-means of pixels `(y, x, colour)` around centres that begin on a grid of
    step `S`; a pixel belongs to the centre, at most `2 S` away, of the least

    `d^2 = d_colour^2 + (compactness d_place / S)^2`

    with colours of 0 to 100. Splinters go to a neighbour.

    Args:
        picture: array `(height, width, channels)`.
        count: int. About how many regions. Defaults to 60.
        compactness: float. Larger makes regions more like squares. Defaults
            to 10.
        iterations: int. Defaults to 10.

    Returns:
        int array `(height, width, 1)`, from 0 on without a gap, to hand over
        as `feature_mask`.

    Raises:
        ValueError: if a number is not positive, or it is no picture.

    Example:

    >>> picture = np.zeros((12, 12, 3))
    >>> picture[:, 6:] = 255
    >>> regions = superpixels(picture, count=4)
    >>> regions.shape, len(np.unique(regions))
    ((12, 12, 1), 4)

    Reference:
        [Achanta et al., 2012](https://doi.org/10.1109/TPAMI.2012.120), there
        with colours in CIELAB
    """
    if min(count, iterations) < 1 or compactness <= 0:
        raise ValueError(
            "`count`, `iterations` and `compactness` must be positive. "
            f"Received: {count=}, {iterations=}, {compactness=}"
        )
    if np.ndim(picture) != 3:
        raise ValueError(
            "`picture` must be (height, width, channels). "
            f"Received: shape {np.shape(picture)}"
        )
    colour = np.asarray(picture, "float64")
    span = np.ptp(colour)
    colour = (colour - colour.min()) * (100 / (span if span > 0 else 1))
    height, width = colour.shape[:2]
    step = np.sqrt(height * width / min(count, height * width))
    rows = max(1, round(height / step))
    columns = max(1, round(width / step))
    ys = (np.arange(rows) + 0.5) * height / rows
    xs = (np.arange(columns) + 0.5) * width / columns
    places = np.stack(np.meshgrid(ys, xs, indexing="ij"), -1).reshape(-1, 2)
    at = places.astype(int)
    centres = np.concatenate([places, colour[at[:, 0], at[:, 1]]], axis=1)
    labels = _assign(colour, centres, step, compactness)
    grid = np.mgrid[:height, :width].transpose(1, 2, 0) + 0.5
    points = np.concatenate([grid, colour], axis=-1)
    points = points.reshape(-1, points.shape[-1])
    for _ in range(iterations - 1):
        flat = labels.ravel()
        sizes = np.bincount(flat, minlength=len(centres))
        sums = np.stack(
            [np.bincount(flat, p, minlength=len(centres)) for p in points.T], 1
        )
        filled = sizes > 0
        centres[filled] = sums[filled] / sizes[filled, None]
        labels = _assign(colour, centres, step, compactness)
    return _connected(labels, step**2 / 4)[..., None]


def _assign(colour, centres, step, compactness):
    height, width = colour.shape[:2]
    least = np.full((height, width), np.inf)
    labels = np.zeros((height, width), "int64")
    reach = int(np.ceil(2 * step))
    for number, (y, x, *mean) in enumerate(centres):
        top, left = max(int(y) - reach, 0), max(int(x) - reach, 0)
        here = np.s_[top : int(y) + reach + 1, left : int(x) + reach + 1]
        part = colour[here]
        dy = np.arange(top, top + part.shape[0]) + 0.5 - y
        dx = np.arange(left, left + part.shape[1]) + 0.5 - x
        place = dy[:, None] ** 2 + dx[None, :] ** 2
        distance = np.square(part - mean).sum(axis=-1)
        distance = distance + place * (compactness / step) ** 2
        nearer = distance < least[here]
        least[here][nearer] = distance[nearer]
        labels[here][nearer] = number
    return labels


def _connected(labels, smallest):
    """Each region in one piece, none smaller than so many pixels."""
    from scipy.ndimage import binary_dilation
    from scipy.ndimage import label

    pieces = np.zeros_like(labels)
    count = 0
    for number in np.unique(labels):
        found, parts = label(labels == number)
        pieces[found > 0] = found[found > 0] + count
        count += parts
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)
    for number in 1 + np.argsort(sizes[1:], kind="stable"):
        if sizes[number] >= smallest or sizes[number] == pieces.size:
            continue
        # A splinter goes to the neighbour that it touches most.
        here = pieces == number
        beside = pieces[binary_dilation(here) & ~here]
        neighbour = np.bincount(beside).argmax()
        pieces[here] = neighbour
        sizes[neighbour] += sizes[number]
        sizes[number] = 0
    return np.unique(pieces, return_inverse=True)[1].reshape(labels.shape)
