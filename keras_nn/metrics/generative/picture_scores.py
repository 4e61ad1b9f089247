import numpy as np

from keras_nn.metrics.generative.frechet_distance import FrechetDistance
from keras_nn.metrics.generative.kernel_distance import kernel_distance
from keras_nn.metrics.generative.manifold_scores import manifold_scores


def picture_scores(
    real, drawn, extractor, batch_size=256, neighbours=5, seed=0
):
    """How near generated pictures are to real ones, by an extractor's features.

    Each name ends in that of the extractor: numbers of another do not compare.

    Args:
        real: array of pictures, as the extractor takes them.
        drawn: likewise, of the generator.
        extractor: `keras.Model` from pictures to features `(batch, units)`.
        batch_size: int. Defaults to 256.
        neighbours: int. See `manifold_scores`. Defaults to 5.
        seed: int. Of the subsets of `kernel_distance`. Defaults to 0.

    Returns:
        A dict of floats: `frechet_distance_<extractor>`,
        `kernel_distance_<extractor>`, and `precision`, `recall`, `density`
        and `coverage`, likewise.

    Example:

    >>> import keras
    >>> flat = keras.Sequential(
    ...     [keras.Input((2, 2, 1)), keras.layers.Flatten()], name="pixels"
    ... )
    >>> x = np.random.default_rng(0).uniform(size=(20, 2, 2, 1))
    >>> scores = picture_scores(x, x, flat)
    >>> round(scores["frechet_distance_pixels"], 4)
    0.0
    """
    real, drawn = (
        np.asarray(extractor.predict(x, batch_size=batch_size, verbose=0))
        for x in (real, drawn)
    )
    return feature_scores(real, drawn, extractor.name, neighbours, seed)


def feature_scores(real, drawn, extractor, neighbours=5, seed=0):
    """`picture_scores` of features that were already extracted.

    Args:
        real: array `(n, units)`, features of real pictures.
        drawn: array `(m, units)`, of generated ones.
        extractor: str. Whose features they are.
        neighbours: as in `picture_scores`.
        seed: likewise.

    Returns:
        As `picture_scores`.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(20, 3))
    >>> sorted(feature_scores(x, x, "raw"))[:2]
    ['coverage_raw', 'density_raw']
    """
    distance = FrechetDistance(real.shape[-1], dtype="float64")
    for side, x in zip(distance.sides, (real, drawn), strict=True):
        distance.add(side, x)
    found = {
        "frechet_distance": float(distance.result()),
        "kernel_distance": kernel_distance(real, drawn, seed=seed)[0],
        **manifold_scores(real, drawn, neighbours),
    }
    return {f"{name}_{extractor}": value for name, value in found.items()}
