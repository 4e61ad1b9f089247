import dataclasses

from keras import ops


@dataclasses.dataclass(frozen=True)
class Guidance:
    """What pulls pictures toward their labels while they are drawn.

    Without a classifier (Ho and Salimans),

    `guided = any + scale * (asked - any)`,
    `said = rescale * guided * std(asked) / std(guided)
    + (1 - rescale) * guided`,

    of what the denoiser says; with one (Dhariwal and Nichol), see
    `NoisyClassifier.guide`.

    Args:
        scale: float. 1 asks as much as the label does. Defaults to 1.
        rescale: float in [0, 1]. How far the deviation of what is said is
            brought back to that without guidance, against pictures that are
            too bright and too dark. Defaults to 0.
        classifier: `NoisyClassifier` or None.
        classifier_scale: float. 0 leaves the classifier unheard. Defaults to
            1.

    Raises:
        ValueError: If `rescale` is not in [0, 1], or there is a scale of a
            classifier without one.

    Example:

    >>> Guidance(scale=3.0).parts
    (True, False, None)

    Reference:
        [Ho and Salimans, 2022](https://arxiv.org/abs/2207.12598);
        [Lin et al., 2023](https://arxiv.org/abs/2305.08891), section 3.4;
        [Dhariwal and Nichol, 2021](https://arxiv.org/abs/2105.05233)
    """

    scale: float = 1.0
    rescale: float = 0.0
    classifier: object = None
    classifier_scale: float = 1.0

    def __post_init__(self):
        if not 0 <= self.rescale <= 1:
            raise ValueError(
                "`guidance_rescale` must be in [0, 1]. "
                f"Received: guidance_rescale={self.rescale}"
            )
        if self.rescale and self.scale == 1:
            raise ValueError(
                "`guidance_rescale` needs a `guidance` other than 1, whose "
                f"deviation it brings back. Received: {self.rescale=}"
            )
        if self.classifier is None and self.classifier_scale != 1:
            raise ValueError(
                "`classifier_scale` needs a `classifier`. Received: "
                f"classifier_scale={self.classifier_scale}"
            )

    @property
    def parts(self):
        """What is compiled in: whether it guides, rescales; by whom."""
        classifier = None if self.classifier is None else id(self.classifier)
        return self.scale != 1, self.rescale != 0, classifier


def rescaled(guided, asked, share):
    """What is said under guidance, with the deviation of what is said without.

    Args:
        guided: float tensor `(batch, ...)`.
        asked: likewise.
        share: float tensor that broadcasts: 0 changes nothing.

    Returns:
        A tensor of the shape of `guided`.

    Example:

    >>> guided, asked = ops.array([[-4.0, 4.0]]), ops.array([[-1.0, 1.0]])
    >>> ops.convert_to_numpy(rescaled(guided, asked, 0.5)).tolist()
    [[-2.5, 2.5]]
    """
    axes = tuple(range(1, len(guided.shape)))
    deviations = (
        ops.std(said, axis=axes, keepdims=True) for said in (asked, guided)
    )
    ratio = ops.divide_no_nan(*deviations)
    return share * (guided * ratio) + (1 - share) * guided
