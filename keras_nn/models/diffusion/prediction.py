import keras

PREDICTIONS = ("epsilon", "x0", "v", "flow", "edm")


@keras.saving.register_keras_serializable(package="keras_nn")
class Prediction:
    """What a network is trained to say of `alpha * clean + sigma * noise`.

    | name | says |
    |---|---|
    | `"epsilon"` | `noise` |
    | `"x0"` | `clean` |
    | `"v"` | `alpha * noise - sigma * clean` |
    | `"flow"` | `noise - clean` |
    | `"edm"` | `sigma * clean / d - d * alpha * noise`, `d = sigma_data` |

    Each is linear in picture and noise, so each gives both.

    With `EDMNoise`, whose `alpha` is EDM's `c_in` and whose `sigma / alpha` is
    EDM's `sigma`, `"edm"` is the network `F` that EDM preconditions:
    `clean = c_skip * noisy / c_in + c_out * F`. For data of deviation 1 it is
    the negative of `"v"`.

    Args:
        name: str. One of the five.
        sigma_data: float. Standard deviation of the data, for `"edm"`.
            Defaults to 1.

    Raises:
        ValueError: If the name is another, or the deviation not positive.

    Example:

    >>> x0, noise = Prediction("flow").parts(-2.0, noisy=0.5, alpha=0.5,
    ...                                      sigma=0.5)
    >>> x0, noise
    (1.5, -0.5)

    Reference:
        [Salimans and Ho, 2022](https://arxiv.org/abs/2202.00512) for `"v"`;
        [Karras et al., 2022](https://arxiv.org/abs/2206.00364), equation 7,
        for `"edm"`
    """

    def __init__(self, name, sigma_data=1.0):
        if name not in PREDICTIONS:
            raise ValueError(
                f"`prediction` must be one of {PREDICTIONS}. "
                f"Received: prediction={name!r}"
            )
        if not sigma_data > 0:
            raise ValueError(
                f"`sigma_data` must be positive. Received: {sigma_data=}"
            )
        self.name = name
        self.sigma_data = sigma_data

    def target(self, clean, noise, alpha, sigma):
        """What the network should say."""
        if self.name == "epsilon":
            return noise
        if self.name == "x0":
            return clean
        if self.name == "v":
            return alpha * noise - sigma * clean
        if self.name == "flow":
            return noise - clean
        d = self.sigma_data
        return (sigma / d) * clean - (d * alpha) * noise

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
        if self.name == "flow":
            total = alpha + sigma
            clean = (noisy - sigma * output) / total
            return clean, (noisy + alpha * output) / total
        d = self.sigma_data
        total = d * alpha * alpha + sigma * sigma / d
        clean = (d * alpha * noisy + sigma * output) / total
        return clean, (sigma / d * noisy - alpha * output) / total

    def gain(self, alpha, sigma):
        """By what factor an error of the output is one of the picture."""
        if self.name == "epsilon":
            return sigma / alpha
        if self.name == "x0":
            return 1.0
        if self.name == "v":
            return sigma / (alpha * alpha + sigma * sigma)
        if self.name == "flow":
            return sigma / (alpha + sigma)
        d = self.sigma_data
        return sigma / (d * alpha * alpha + sigma * sigma / d)

    def get_config(self):
        return {"name": self.name, "sigma_data": self.sigma_data}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def as_prediction(prediction, schedule):
    """The `Prediction` that a model's argument means.

    Args:
        prediction: `Prediction`, or the name of one: `"edm"` is then for data
            of the deviation that the schedule says, 1 if it says none.
        schedule: `NoiseSchedule`.
    """
    if isinstance(prediction, Prediction):
        return prediction
    return Prediction(prediction, getattr(schedule, "sigma_data", 1.0))
