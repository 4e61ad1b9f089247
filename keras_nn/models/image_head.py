"""What all image backbones share: input shape, head, weights argument."""

import keras


def check_image_arguments(include_top, weights, input_shape, pooling, classes):
    """Refuses what no image model of the suite can be built from."""
    if len(input_shape) != 3 or input_shape[-1] is None:
        raise ValueError(
            "`input_shape` must be (height, width, channels) with a known "
            f"number of channels. Received: {input_shape=}"
        )
    if pooling not in (None, "avg", "max"):
        raise ValueError(
            f"`pooling` must be None, 'avg' or 'max'. Received: {pooling=}"
        )
    if include_top and classes < 1:
        raise ValueError(f"`classes` must be positive. Received: {classes=}")
    if weights == "imagenet":
        raise ValueError(
            "`weights` must be None or the path of a weights file; published "
            "ImageNet weights are loaded by "
            "`keras_nn.pretrained.keras_applications`. "
            f"Received: {weights=}"
        )


def pool_features(x, pooling, dtype):
    """Applies the `pooling` argument of a model without its top."""
    if pooling == "avg":
        return keras.layers.GlobalAveragePooling2D(
            data_format="channels_last", dtype=dtype, name="avg_pool"
        )(x)
    if pooling == "max":
        return keras.layers.GlobalMaxPooling2D(
            data_format="channels_last", dtype=dtype, name="max_pool"
        )(x)
    return x


def classify(x, classes, activation, dtype):
    """The classifier of a model with its top."""
    return keras.layers.Dense(
        classes, activation=activation, dtype=dtype, name="predictions"
    )(x)


def activation_config(activation):
    """What `get_config` stores for an activation argument."""
    if activation is None or isinstance(activation, str):
        return activation
    return keras.activations.serialize(keras.activations.get(activation))
