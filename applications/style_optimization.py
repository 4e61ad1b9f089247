import keras
import numpy as np
import tensorflow as tf

from keras_nn.applications.recipe import check_count

_BETAS, _EPSILON = (0.9, 0.999), 1e-7


def optimize_style(
    model, picture, steps=300, learning_rate=5.0, start="content", seed=0
):
    """Redraws one picture by descending the loss over its pixels.

    `x <- clip(x - rate * adam(dL(x) / dx), 0, 255)`, in one compiled loop

    Nothing is trained: the loss is that of a `PerceptualTransfer`, whose
    network is not asked. Gatys et al. descend with L-BFGS; Adam needs no line
    search, so that the whole of it is one loop.

    Args:
        model: `keras_nn.models.PerceptualTransfer`.
        picture: array `(height, width, channels)`, 0 to 255: the content.
        steps: int. Defaults to 300.
        learning_rate: float. In grey levels a step. Defaults to 5.
        start: str. Where to begin: `"content"`, the picture, or `"noise"`.
            Defaults to `"content"`.
        seed: int. Of the noise. Defaults to 0.

    Returns:
        `(picture, losses)`: uint8 `(height, width, channels)`, and a dict of
        float arrays `(steps,)`: `loss`, `content`, `style` and `variation`
        before each step.

    Raises:
        ValueError: on an argument outside of the above.

    Example:

    >>> from keras_nn.models import PerceptualTransfer, TransformNetwork, VGG
    >>> vgg = VGG(False, input_shape=(None, None, 3), num_convs=[1, 1],
    ...           num_filters=[4, 4])
    >>> features = vgg.features(["block1_conv1", "block2_conv1"])
    >>> network = TransformNetwork(filters=2, num_blocks=1)
    >>> style = np.random.default_rng(0).uniform(0, 255, (16, 16, 3))
    >>> model = PerceptualTransfer(network, features, style)
    >>> drawn, losses = optimize_style(model, np.zeros((16, 16, 3)), steps=5)
    >>> drawn.shape, losses["loss"].shape
    ((16, 16, 3), (5,))

    Reference:
        [Gatys et al., 2016](https://doi.org/10.1109/CVPR.2016.265)
    """
    check_count("steps", steps)
    if start not in ("content", "noise"):
        raise ValueError(
            f"`start` must be 'content' or 'noise'. Received: {start=}"
        )
    if np.ndim(picture) != 3:
        raise ValueError(
            "`picture` must be one picture (height, width, channels). "
            f"Received: shape {np.shape(picture)}"
        )
    content = np.asarray(picture, "float32")[None]
    first = content
    if start == "noise":
        random = np.random.default_rng(seed)
        first = random.uniform(0, 255, content.shape).astype("float32")
    target = model.features(content)[model.content_map]
    pixels, losses = _descend(model, steps)(
        tf.constant(first),
        tf.cast(target, tf.float32),
        tf.constant(float(learning_rate)),
    )
    drawn = np.rint(keras.ops.convert_to_numpy(pixels)[0]).astype("uint8")
    names = ("loss", *model.parts)
    return drawn, dict(zip(names, losses.numpy().T, strict=True))


def _descend(model, steps):
    names = ("loss", *model.parts)

    @tf.function
    def descend(start, target, rate):
        def step(index, x, mean, square, losses):
            with tf.GradientTape() as tape:
                tape.watch(x)
                parts = model.distance(x, target)
                loss = tf.reduce_sum(parts["loss"])
            gradient = tape.gradient(loss, x)
            losses = losses.write(
                index, tf.stack([parts[name][0] for name in names])
            )
            mean = _BETAS[0] * mean + (1 - _BETAS[0]) * gradient
            square = _BETAS[1] * square + (1 - _BETAS[1]) * gradient**2
            count = tf.cast(index + 1, tf.float32)
            root = tf.sqrt(square / (1 - _BETAS[1] ** count)) + _EPSILON
            x = x - rate * mean / (1 - _BETAS[0] ** count) / root
            return (
                index + 1,
                tf.clip_by_value(x, 0.0, 255.0),
                mean,
                square,
                losses,
            )

        zeros = tf.zeros_like(start)
        found = tf.while_loop(
            lambda index, *_: index < steps,
            step,
            (0, start, zeros, zeros, tf.TensorArray(tf.float32, steps)),
            maximum_iterations=steps,
        )
        return found[1], found[-1].stack()

    return descend
