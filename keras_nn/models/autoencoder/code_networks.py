from keras_nn.models.asked import dict_input
from keras_nn.models.asked import input_of
from keras_nn.models.asked import output_of


def check_code_networks(encoder, decoder, nll, num_classes):
    """Raise unless an encoder and a decoder of a `VAE` fit together.

    Args:
        encoder: functional `keras.Model` from pictures to means and log
            variances.
        decoder: functional `keras.Model` from codes to what `nll` takes.
        nll: `keras_nn.losses.ValueNLL`.
        num_classes: int or None.

    Returns:
        The shape of a picture, and the units of a code.
    """
    check_classes(encoder, "pictures", num_classes)
    check_classes(decoder, "codes", num_classes)
    shape = input_shape_of(encoder, "pictures")
    said = output_of(encoder).shape[-1]
    units = input_shape_of(decoder, "codes")[0]
    if said != 2 * units:
        raise ValueError(
            "The encoder must say twice what the decoder takes, means and "
            f"log variances. Received: {said} and {units} units"
        )
    check_says_pictures(decoder, shape, nll)
    return shape, units


def check_classes(network, name, num_classes):
    """Raise unless a network takes labels where there are classes."""
    if dict_input(network, {name, "labels"}) != bool(num_classes):
        raise ValueError(
            "with classes, encoder and decoder take dicts of `labels` and "
            "`pictures` or `codes`; without, tensors. "
            f"Received: {network} and {num_classes=}"
        )


def check_says_pictures(decoder, shape, nll):
    """Raise unless a decoder says what the likelihood of pictures takes."""
    expected = (*shape[:-1], shape[-1] * nll.parameters_per_value)
    if tuple(output_of(decoder).shape[1:]) != expected:
        raise ValueError(
            f"The decoder must say {expected} of pictures {shape}, "
            f"{nll.parameters_per_value} numbers a value. Received: "
            f"{tuple(output_of(decoder).shape[1:])}"
        )


def input_shape_of(network, name):
    """Shape of what a network takes under a name, without the batch."""
    takes = input_of(network)
    takes = takes[name] if isinstance(takes, dict) else takes
    return tuple(takes.shape[1:])
