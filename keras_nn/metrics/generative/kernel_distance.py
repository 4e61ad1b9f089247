import numpy as np
from keras import ops

from keras_nn.ops import mean_discrepancy


def kernel_distance(real, drawn, subsets=20, subset_size=1000, seed=0):
    """Distance of real and generated pictures by a cubic kernel (KID).

    The mean, over random subsets, of `mean_discrepancy` with the kernel
    `(a . b / units + 1)^3`. Unlike the Fréchet distance it has no bias: the
    size of the samples does not matter on average.

    Args:
        real: array `(n, units)`, features of real pictures.
        drawn: array `(m, units)`, of generated ones.
        subsets: int. Defaults to 20.
        subset_size: int. At most as many as there are. Defaults to 1000.
        seed: int. Of the subsets. Defaults to 0.

    Returns:
        `(mean, deviation)`: floats, over the subsets.

    Raises:
        ValueError: On fewer than two pictures of a kind.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(100, 3))
    >>> kernel_distance(x, x + 5.0)[0] > 10
    True

    Reference:
        [Binkowski et al., 2018](https://arxiv.org/abs/1801.01401), section 4
    """
    sizes = [min(subset_size, len(x)) for x in (real, drawn)]
    if min(sizes) < 2 or subsets < 1:
        raise ValueError(
            "Two pictures of each kind, in one subset, are needed. "
            f"Received: {len(real)} and {len(drawn)} pictures, {subsets=}"
        )
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(subsets):
        parts = [
            ops.convert_to_tensor(
                x[rng.choice(len(x), size, replace=False)], "float32"
            )
            for x, size in zip((real, drawn), sizes, strict=True)
        ]
        found.append(float(mean_discrepancy(*parts, kernel="cubic")))
    return float(np.mean(found)), float(np.std(found))
