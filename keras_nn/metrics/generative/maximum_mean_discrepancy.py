import numpy as np
from keras import ops

from keras_nn.ops import mean_discrepancy
from keras_nn.ops.mean_discrepancy import squared_distances


def maximum_mean_discrepancy(real, drawn, bandwidth=None, permutations=0):
    """Distance of two samples by a Gaussian kernel, and how sure it is.

    The unbiased squared distance of `keras_nn.ops.mean_discrepancy`. Its
    `p_value` is the share of random divisions of all rows into two samples
    whose distance is at least as large (this one among them): a small one
    says that the samples differ.

    Args:
        real: array `(n, units)`, `n` at least 2.
        drawn: array `(m, units)`, `m` at least 2.
        bandwidth: float or None: the median distance of rows.
        permutations: int. Random divisions. Defaults to 0: no `p_value`.

    Returns:
        A dict of floats: `distance`, `bandwidth`, and `p_value`.

    Raises:
        ValueError: On fewer than two rows of a kind, or rows of two lengths.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(50, 2))
    >>> found = maximum_mean_discrepancy(x, x + 3.0, permutations=19)
    >>> found["distance"] > 0.5, found["p_value"]
    (True, 0.05)

    Reference:
        [Gretton et al., 2012](https://jmlr.org/papers/v13/gretton12a.html)
    """
    real, drawn = (np.asarray(x, "float32") for x in (real, drawn))
    shapes = real.shape, drawn.shape
    if real.ndim != 2 or drawn.ndim != 2 or shapes[0][1] != shapes[1][1]:
        raise ValueError(
            "Two tables with the same columns are compared. "
            f"Received: shapes {shapes[0]} and {shapes[1]}"
        )
    if min(len(real), len(drawn)) < 2:
        raise ValueError(
            "Two rows of each kind are needed. "
            f"Received: {len(real)} and {len(drawn)} rows"
        )
    both = np.concatenate([real, drawn])
    if bandwidth is None:
        some = both[np.random.default_rng(0).permutation(len(both))[:1000]]
        squares = ops.convert_to_numpy(squared_distances(some, some))
        above = squares[np.triu_indices(len(some), 1)]
        bandwidth = float(np.sqrt(np.median(above))) or 1.0
    distance = float(mean_discrepancy(real, drawn, bandwidth=bandwidth))
    found = {"distance": distance, "bandwidth": bandwidth}
    if permutations:
        rng, count = np.random.default_rng(1), 1
        for _ in range(permutations):
            mixed = both[rng.permutation(len(both))]
            parts = mixed[: len(real)], mixed[len(real) :]
            other = float(mean_discrepancy(*parts, bandwidth=bandwidth))
            count += other >= distance
        found["p_value"] = count / (permutations + 1)
    return found
