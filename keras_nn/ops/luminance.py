from keras import ops


def luminance(pictures):
    """The brightness of colour pictures, as video and JPEG's kin encode it.

    `Y = 16 + (65.481 R + 128.553 G + 24.966 B) / 255` (ITU-R BT.601)

    Args:
        pictures: float tensor `(batch, height, width, 3)`, values of 0..255;
            one channel is handed back as it is.

    Returns:
        A float32 tensor `(batch, height, width, 1)`, from 16 to 235.

    Raises:
        ValueError: if there are neither 1 nor 3 channels.

    Example:

    >>> round(float(luminance(255.0 * ops.ones((1, 1, 1, 3)))[0, 0, 0, 0]), 3)
    235.0
    """
    pictures = ops.cast(pictures, "float32")
    if pictures.shape[-1] == 1:
        return pictures
    if pictures.shape[-1] != 3:
        raise ValueError(
            "`pictures` must have 1 or 3 channels. Received: shape "
            f"{tuple(pictures.shape)}"
        )
    share = ops.convert_to_tensor([65.481, 128.553, 24.966], "float32") / 255.0
    return 16.0 + ops.sum(pictures * share, axis=-1, keepdims=True)
