from keras_nn.layers import BilinearUpsampling2D


def full_size_map(features, network):
    """A map of features as large as the pictures that it came from.

    Args:
        features: Keras tensor, what `network` returns.
        network: `keras.Model`. Its `output_stride`, or the largest of its
            `strides`, counts where the size of the pictures is not known.

    Returns:
        A Keras tensor `(batch, height, width, channels)`.

    Raises:
        ValueError: if the network does not end in one map, or the picture is
            not a whole multiple of it.
    """
    if len(getattr(features, "shape", ())) != 4:
        raise ValueError(
            "`network` must end in one map of features (batch, height, width, "
            f"channels). Received: {features}"
        )
    side, small = network.input_shape[1], features.shape[1]
    factor = getattr(network, "output_stride", None)
    if factor is None:  # a backbone ends in its coarsest map
        factor = max(getattr(network, "strides", [1]))
    if side is not None and small is not None:
        factor, rest = divmod(side, small)
        if rest or network.input_shape[2] != factor * features.shape[2]:
            raise ValueError(
                "The map of `network` must be as large as the picture, or a "
                "whole fraction. Received: pictures of "
                f"{network.input_shape[1:3]} and a map of {features.shape[1:3]}"
            )
    if factor == 1:
        return features
    return BilinearUpsampling2D(factor, name="as_large")(features)
