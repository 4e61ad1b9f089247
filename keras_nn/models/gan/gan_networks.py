"""Whether the networks of a GAN fit together."""

from keras_nn.models.asked import dict_input
from keras_nn.models.asked import output_of


def check_networks(generator, discriminator, num_classes, further, auxiliary):
    """Raise unless they take and say what a game asks of them.

    Args:
        generator: functional `keras.Model`.
        discriminator: functional `keras.Model`.
        num_classes: int or None.
        further: int. Numbers that are said of a picture beside its score.
        auxiliary: bool. Whether the discriminator is not told the class.

    Raises:
        ValueError: If they do not.
    """
    classes = bool(num_classes)
    told = classes and not auxiliary
    if (
        dict_input(generator, ("noise", "labels")) != classes
        or dict_input(discriminator, ("pictures", "labels")) != told
    ):
        raise ValueError(
            "with classes, the generator takes a dict of `noise` and "
            "`labels`, and the discriminator one of `pictures` and "
            "`labels` unless it is `auxiliary`; without, tensors. "
            f"Received: {generator}, {discriminator}, "
            f"{num_classes=}, {auxiliary=}"
        )
    says = output_of(discriminator).shape[-1]
    if says != 1 + further:
        raise ValueError(
            f"The discriminator must say {1 + further} numbers of a picture. "
            f"Received: {says}"
        )
