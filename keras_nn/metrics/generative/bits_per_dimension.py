import math

import numpy as np


def bits_per_dimension(nats, shape, bin_width=1.0):
    """How many bits a value costs, given what examples cost in nats.

    `nats / (log(2) * dimensions) - log2(bin_width)`

    Args:
        nats: float or array: negative log-likelihood of examples, as
            probabilities, or as densities of values that were made
            continuous by uniform noise of one bin.
        shape: tuple of ints. Shape of an example.
        bin_width: float. Distance of two grey levels in the units of the
            density: 1/255 for 0..255 scaled to 0..1 (divide by 256 before
            noise of 1/256: then that). 1 for probabilities. Defaults to 1.

    Returns:
        As `nats`.

    Raises:
        ValueError: If an example has no value, or a bin no width.

    Example:

    >>> import math
    >>> round(float(bits_per_dimension(8 * math.log(256), (2, 2, 2))), 4)
    8.0

    Reference:
        [Theis et al., 2016](https://arxiv.org/abs/1511.01844), section 3.1
    """
    dimensions = math.prod(shape)
    if dimensions < 1 or not bin_width > 0:
        raise ValueError(
            "`shape` must hold a value and `bin_width` be positive. "
            f"Received: {shape=}, {bin_width=}"
        )
    return np.asarray(nats) / (math.log(2) * dimensions) - math.log2(bin_width)
