import keras
import numpy as np
from keras import ops

from keras_nn.ops.mean_discrepancy import squared_distances


def manifold_scores(real, drawn, neighbours=5):
    """Are generated pictures like real ones, and real ones like them?

    A picture is where another one reaches, if it is no further from it than
    the `neighbours`-th nearest of its own kind.

    - `precision`: share of generated pictures where a real one reaches;
    - `recall`: share of real pictures where a generated one reaches;
    - `density`: how many real ones reach a generated picture, in
      `neighbours`; above 1 where real ones are dense;
    - `coverage`: share of real pictures that reach a generated one.

    Args:
        real: array `(n, units)`, features of real pictures.
        drawn: array `(m, units)`, of generated ones.
        neighbours: int. Defaults to 5.

    Returns:
        A dict of floats.

    Raises:
        ValueError: If there are not more pictures than neighbours.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(50, 2))
    >>> scores = manifold_scores(x, x + 100.0)
    >>> scores["precision"], scores["coverage"]
    (0.0, 0.0)

    Reference:
        [Kynkäänniemi et al., 2019](https://arxiv.org/abs/1904.06991);
        [Naeem et al., 2020](https://arxiv.org/abs/2002.09797)
    """
    if not 1 <= neighbours < min(len(real), len(drawn)):
        raise ValueError(
            "`neighbours` must be positive and fewer than the pictures. "
            f"Received: {neighbours=}, {len(real)} and {len(drawn)} pictures"
        )
    # About their mean, distances lose the least to rounding.
    middle = np.mean(real, axis=0)
    real, drawn = (
        ops.convert_to_tensor(np.asarray(x) - middle, "float32")
        for x in (real, drawn)
    )
    reach_real, reach_drawn = (_reach(x, neighbours) for x in (real, drawn))
    apart = ops.convert_to_numpy(squared_distances(real, drawn))
    by_real = apart <= reach_real[:, None]
    by_drawn = apart <= reach_drawn[None, :]
    return {
        "precision": float(by_real.any(axis=0).mean()),
        "recall": float(by_drawn.any(axis=1).mean()),
        "density": float(by_real.sum(axis=0).mean() / neighbours),
        "coverage": float(by_real.any(axis=1).mean()),
    }


def _reach(x, neighbours):
    """Squared distance to the k-th nearest other picture: an array `(n,)`."""
    apart = keras.ops.convert_to_numpy(squared_distances(x, x)).copy()
    np.fill_diagonal(apart, np.inf)
    return np.partition(apart, neighbours - 1, axis=1)[:, neighbours - 1]
