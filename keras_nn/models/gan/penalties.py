"""The penalties of a discriminator: their sum, and the log of each."""

import functools
import re

from keras import ops

from keras_nn.models.gan.lazily import lazily
from keras_nn.training import replicas


def sum_of_penalties(model, score, real, fake, seed, updates):
    """The penalties of a GAN, each noted by its tracker: a scalar tensor.

    Args:
        model: `GAN`, with `penalties` and as many `penalty_trackers`.
        score: callable from pictures to scores `(batch, 1)`.
        real: float tensor, pictures.
        fake: float tensor, pictures.
        seed: int or `keras.random.SeedGenerator`.
        updates: int tensor, updates of the discriminator so far; or None.
    """
    total = ops.zeros(())
    for penalty, tracker in zip(
        model.penalties, model.penalty_trackers, strict=True
    ):
        value = lazily(
            functools.partial(penalty, score, real, fake, seed),
            getattr(penalty, "every", 1),
            updates,
        )
        if replicas.current_step() is not None:
            model.track_loss(value, tracker)
        total = total + value
    return total


def penalty_names(penalties):
    """Names for the logs of a discriminator's penalties, each another.

    Args:
        penalties: list of callables; the `name` of one, or else that of its
            class in small letters.

    Returns:
        list of str.

    Example:

    >>> from keras_nn.models import GradientPenalty, ZeroCentredPenalty
    >>> penalty_names([GradientPenalty(), ZeroCentredPenalty()])
    ['gradient_penalty', 'r1_penalty']
    >>> penalty_names([GradientPenalty(), GradientPenalty(1.0)])
    ['gradient_penalty', 'gradient_penalty_2']
    """
    names = []
    for penalty in penalties:
        name = getattr(penalty, "name", None) or _in_small_letters(penalty)
        same = sum(other.startswith(name) for other in names)
        names.append(f"{name}_{same + 1}" if same else name)
    return names


def _in_small_letters(penalty):
    name = getattr(penalty, "__name__", type(penalty).__name__)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
