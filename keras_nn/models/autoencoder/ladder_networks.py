from keras import ops

from keras_nn.models.asked import output_of
from keras_nn.models.autoencoder.code_networks import check_classes
from keras_nn.models.autoencoder.code_networks import check_says_pictures
from keras_nn.models.autoencoder.code_networks import input_shape_of


def mean_and_log_variance(said):
    """What a network says of codes: means, and what softplus makes variances.

    Args:
        said: float tensor `(..., 2 * units)`.

    Returns:
        Means and log variances `(..., units)`, float32.

    Example:

    >>> from keras import ops
    >>> mean, log_variance = mean_and_log_variance(ops.zeros((1, 2)))
    >>> round(float(ops.exp(log_variance)[0, 0]), 4)
    0.6931
    """
    mean, raw = ops.split(ops.cast(said, "float32"), 2, axis=-1)
    # The logarithm of softplus itself is lost below -88.
    return mean, ops.log(ops.softplus(raw) + 1e-8)


def weighed(mean, log_variance, other_mean, other_log_variance):
    """The Gaussian that two agree on, weighed by their precisions.

    `N((m / v + p / w) u, u)`, `u = 1 / (1 / v + 1 / w)`: their product.

    Returns:
        Its mean and its log variance.

    Example:

    >>> from keras import ops
    >>> zeros, ones = ops.zeros((1,)), ops.ones((1,))
    >>> float(weighed(zeros, zeros, ones, zeros)[0][0])
    0.5
    """
    joint = -ops.logaddexp(-log_variance, -other_log_variance)
    share = ops.exp(joint - log_variance)
    other_share = ops.exp(joint - other_log_variance)
    return mean * share + other_mean * other_share, joint


def check_ladder(encoder, decoders, nll, num_classes):
    """Raise unless the networks of a `LadderVAE` fit together.

    Args:
        encoder: functional `keras.Model` with an output for each height.
        decoders: list of functional `keras.Model`s, one a height.
        nll: `keras_nn.losses.ValueNLL`.
        num_classes: int or None.

    Returns:
        The shape of a picture, and a list of the units of each code.
    """
    check_classes(encoder, "pictures", num_classes)
    for decoder in decoders:
        check_classes(decoder, "codes", num_classes)
    shape = input_shape_of(encoder, "pictures")
    units = [input_shape_of(decoder, "codes")[0] for decoder in decoders]
    said = output_of(encoder)
    said = said if isinstance(said, list | tuple) else [said]
    said = [tensor.shape[-1] for tensor in said]
    if said != [2 * n for n in units]:
        raise ValueError(
            "The encoder must say twice what each decoder takes. Received: "
            f"{said} and {units} units"
        )
    for height, decoder in enumerate(decoders[1:]):
        expected = 2 * units[height]
        if tuple(output_of(decoder).shape[1:]) != (expected,):
            raise ValueError(
                f"Decoder {height + 1} must say ({expected},), mean and "
                "variance of the codes below. Received: "
                f"{tuple(output_of(decoder).shape[1:])}"
            )
    check_says_pictures(decoders[0], shape, nll)
    return shape, units
