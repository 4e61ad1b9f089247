"""The losses that adversarial models are named by."""

from keras_nn import losses

LOSSES = {
    "minimax": losses.MinimaxGANLoss,
    "non_saturating": losses.NonSaturatingGANLoss,
    "least_squares": losses.LeastSquaresGANLoss,
    "wasserstein": losses.WassersteinGANLoss,
    "hinge": losses.HingeGANLoss,
    "relativistic": losses.RelativisticGANLoss,
}


def game_of(adversarial_loss):
    """The `keras_nn.losses.AdversarialLoss` of this name, or as it is.

    Raises:
        ValueError: If there is none of this name.
    """
    if not isinstance(adversarial_loss, str):
        return adversarial_loss
    if adversarial_loss not in LOSSES:
        raise ValueError(
            f"`adversarial_loss` must be one of {sorted(LOSSES)} or an "
            f"object. Received: {adversarial_loss=}"
        )
    return LOSSES[adversarial_loss]()
