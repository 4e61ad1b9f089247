"""How far pictures move where a style does: StyleGAN2's second regulariser."""

from keras import ops

from keras_nn.training import input_gradients


def path_lengths(synthesis, styles, noise):
    """Lengths of what random pictures are in the space of styles.

    `|J^T y|`, `J` the derivative of the picture by its styles, `y` the noise
    over the root of its number of places; the norm is the root of the mean
    over layers of the sum over units.

    Args:
        synthesis: callable from styles to pictures.
        styles: float tensor `(batch, layers, units)`.
        noise: float tensor of the shape of the pictures, drawn normally.

    Returns:
        Float32 tensor `(batch,)`, which can be differentiated.

    Example:

    >>> styles = ops.ones((2, 1, 4))
    >>> def synthesis(styles):
    ...     return 3.0 * styles[..., None]
    >>> path_lengths(synthesis, styles, ops.ones((2, 1, 4, 1))).numpy().tolist()
    [3.0, 3.0]

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), equation 4
    """
    scale = (noise.shape[1] * noise.shape[2]) ** -0.5

    def shadow(styles):
        pictures = ops.cast(synthesis(styles), "float32")
        return ops.sum(pictures * noise, axis=(1, 2, 3)) * scale

    _, slope = input_gradients(shadow, styles)
    squares = ops.mean(ops.sum(ops.square(slope), axis=2), axis=1)
    return ops.sqrt(squares + 1e-12)
