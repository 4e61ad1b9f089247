import numpy as np

THRESHOLDS = tuple(np.round(np.arange(0.1, 0.95, 0.1), 2))


def segment_scores(masks, probabilities, thinned=True, thresholds=THRESHOLDS):
    """How well pictures are cut into segments by the borders between them.

    With `p_ij` the share of pixels that lie in segment `i` of the answer and
    `j` of the truth, the scores of the challenge ISBI 2012 are

    `V_rand = sum_ij p_ij^2 / (sum_i s_i^2 / 2 + sum_j t_j^2 / 2)` and
    `V_info = 2 I(S; T) / (H(S) + H(T))`

    over the pixels that are no border in the truth. Segments are regions that
    hang together by edges, where the mask is not 0 and where the probability
    lies above a threshold. A pixel more or less of a border's width costs
    pixel scores much and these little; a gap that joins two cells is the
    other way round.

    Args:
        masks: int array `(n, height, width)`: 0 on borders.
        probabilities: float array of the same shape: how likely a pixel is
            no border.
        thinned: bool. Whether a border pixel of the answer belongs to the
            nearest segment; if not, each is a segment of its own. Defaults
            to True.
        thresholds: floats. Each is tried; a score is the mean over pictures
            at the threshold where that is highest. Defaults to 0.1, 0.2 ...
            0.9.

    Returns:
        A dict of floats in [0, 1]: `rand` and `information`, 1 is best; of
        the answer with the best `rand`, `rand_split` and `rand_merge` (its
        share of joined pairs that are right, and of pairs to join that are
        joined, by squares); and `pixel_f1`, the highest F-score of single
        pixels.

    Raises:
        ValueError: If the shapes differ, or a mask is border everywhere.

    Example:

    >>> mask = np.ones((1, 4, 9), "int64")
    >>> mask[:, :, 4] = 0
    >>> wide = np.where(np.abs(np.arange(9) - 4) < 2, 0.0, 1.0)
    >>> found = segment_scores(mask, np.tile(wide, (1, 4, 1)))
    >>> round(found["rand"], 2), round(found["pixel_f1"], 2)
    (1.0, 0.86)

    Reference:
        [Arganda-Carreras et al.,
        2015](https://doi.org/10.3389/fnana.2015.00142)
    """
    from scipy import ndimage

    masks, probabilities = np.asarray(masks) != 0, np.asarray(probabilities)
    if masks.ndim != 3 or masks.shape != probabilities.shape:
        raise ValueError(
            "Masks and probabilities must have one shape `(n, height, width)`."
            f" Received: shapes {masks.shape} and {probabilities.shape}"
        )
    if not masks.any(axis=(1, 2)).all():
        raise ValueError(
            "Every mask needs a pixel that is no border. Received: the mask "
            f"{int(np.argmin(masks.any(axis=(1, 2))))} is 0 everywhere"
        )
    truths = [ndimage.label(mask)[0] for mask in masks]
    rows = []
    for threshold in thresholds:
        inside = probabilities > threshold
        scores = [
            _scores(truth[mask], _segments(one, thinned)[mask])
            for truth, mask, one in zip(truths, masks, inside, strict=True)
        ]
        right = np.sum(inside & masks)
        f1 = 2 * right / max(np.sum(inside) + np.sum(masks), 1)
        rows.append([*np.mean(scores, axis=0), f1])
    rows = np.array(rows)
    best = rows[rows[:, 0].argmax()]
    return {
        "rand": float(best[0]),
        "rand_split": float(best[1]),
        "rand_merge": float(best[2]),
        "information": float(rows[:, 3].max()),
        "pixel_f1": float(rows[:, 4].max()),
    }


def _segments(inside, thinned):
    """Numbered segments of one answer: ints `(height, width)`."""
    from scipy import ndimage

    labels, count = ndimage.label(inside)
    if not thinned or not count:
        # Numbers that no segment has, another for each pixel.
        alone = count + 1 + np.arange(labels.size).reshape(labels.shape)
        return np.where(labels > 0, labels, alone)
    nearest = ndimage.distance_transform_edt(
        labels == 0, return_distances=False, return_indices=True
    )
    return labels[tuple(nearest)]


def _scores(truth, answer):
    """`V_rand`, its two halves and `V_info` of two lists of numbers."""
    pairs, joint = np.unique(
        np.stack([truth, answer]), axis=1, return_counts=True
    )
    p = joint / joint.sum()
    t, s = (
        np.bincount(np.unique(row, return_inverse=True)[1], weights=p)
        for row in pairs
    )
    both, split, merge = np.sum(p**2), np.sum(s**2), np.sum(t**2)
    entropy_t, entropy_s, entropy = (-np.sum(q * np.log(q)) for q in (t, s, p))
    shared = entropy_t + entropy_s - entropy
    alike = entropy_t + entropy_s
    information = 2 * shared / alike if alike > 0 else 1.0
    rand = 2 * both / (split + merge)
    return rand, both / split, both / merge, information
