"""What a denoising network may say, and what follows from it."""

PREDICTIONS = ("epsilon", "x0", "v", "flow")


class Prediction:
    """What a network is trained to say of `alpha * clean + sigma * noise`.

    | name | says |
    |---|---|
    | `"epsilon"` | `noise` |
    | `"x0"` | `clean` |
    | `"v"` | `alpha * noise - sigma * clean` |
    | `"flow"` | `noise - clean` |

    Each is linear in picture and noise, so each gives both.

    Args:
        name: str. One of the four.

    Raises:
        ValueError: If the name is another.

    Example:

    >>> x0, noise = Prediction("flow").parts(-2.0, noisy=0.5, alpha=0.5,
    ...                                      sigma=0.5)
    >>> x0, noise
    (1.5, -0.5)

    Reference:
        [Salimans and Ho, 2022](https://arxiv.org/abs/2202.00512) for `"v"`
    """

    def __init__(self, name):
        if name not in PREDICTIONS:
            raise ValueError(
                f"`prediction` must be one of {PREDICTIONS}. "
                f"Received: prediction={name!r}"
            )
        self.name = name

    def target(self, clean, noise, alpha, sigma):
        """What the network should say."""
        if self.name == "epsilon":
            return noise
        if self.name == "x0":
            return clean
        if self.name == "v":
            return alpha * noise - sigma * clean
        return noise - clean

    def parts(self, output, noisy, alpha, sigma):
        """Picture and noise that an output means: `(clean, noise)`."""
        if self.name == "epsilon":
            return (noisy - sigma * output) / alpha, output
        if self.name == "x0":
            return output, (noisy - alpha * output) / sigma
        if self.name == "v":
            total = alpha * alpha + sigma * sigma
            clean = (alpha * noisy - sigma * output) / total
            return clean, (sigma * noisy + alpha * output) / total
        total = alpha + sigma
        clean = (noisy - sigma * output) / total
        return clean, (noisy + alpha * output) / total

    def gain(self, alpha, sigma):
        """By what factor an error of the output is one of the picture."""
        if self.name == "epsilon":
            return sigma / alpha
        if self.name == "x0":
            return 1.0
        if self.name == "v":
            return sigma / (alpha * alpha + sigma * sigma)
        return sigma / (alpha + sigma)
