"""How far pictures move where a style does: StyleGAN2's second regulariser."""

import tensorflow as tf
from keras import ops


def path_lengths(synthesis, styles, seed):
    """Lengths of the steps of random pictures' shadows in the styles.

    `|J^T y|`, `J` the derivative of the picture by its styles, `y` normal
    noise of the picture's shape over the root of its number of places; the
    norm is the root of the mean over layers of the sum over units.

    Args:
        synthesis: callable from styles to pictures.
        styles: float tensor `(batch, layers, units)`.
        seed: int tensor `(2,)`, or a pair of int. Of the noise.

    Returns:
        Float32 tensor `(batch,)`, which can be differentiated.

    Example:

    >>> styles = ops.ones((2, 1, 4))
    >>> def synthesis(styles):
    ...     return 3.0 * styles[..., None]
    >>> tuple(path_lengths(synthesis, styles, (0, 0)).shape)
    (2,)

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/1912.04958), equation 4
    """
    with tf.GradientTape() as tape:
        tape.watch(styles)
        pictures = ops.cast(synthesis(styles), "float32")
        places = pictures.shape[1] * pictures.shape[2]
        noise = tf.random.stateless_normal(ops.shape(pictures), seed)
        shadow = ops.sum(pictures * noise) / places**0.5
    slope = ops.cast(tape.gradient(shadow, styles), "float32")
    squares = ops.mean(ops.sum(ops.square(slope), axis=2), axis=1)
    return ops.sqrt(squares + 1e-12)
