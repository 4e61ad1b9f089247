import numpy as np
import tensorflow as tf

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.picture_units import PictureUnits
from keras_nn.ops.total_variation import total_variation

# Colours of natural pictures vary together: directions and their spread.
_COLOURS = np.array(
    [[0.56, 0.18, 0.21], [0.58, 0.0, -0.41], [0.57, -0.18, 0.21]], "float32"
)


class FeatureVisualization:
    """Pictures that excite a unit the most, or a class.

    `max_z mean y(shift(x)) - w V(x)`,  `x = low + (high - low) sigmoid(f(z))`

    by Adam, in one compiled loop. The numbers `z` are coefficients of waves,
    each divided by its frequency, so that large shapes come first, and of
    colours that vary together (`fourier`), or pixels. In each step the picture
    is shifted at random, so that it cannot rely on single pixels; `V` is the
    total variation.

    Args:
        model: any built `keras.Model` with one input of pictures.
        layer: str or None. Whose channels are looked at; None means the
            output, class by class. Defaults to None.
        output: str, int or None. Of a model with several outputs.
        value_range: pair of numbers, of the model's pictures. Defaults to
            `(0, 255)`.
        size: tuple `(height, width)` or None: that of the model's input.
        steps: int. Defaults to 256.
        learning_rate: float. Defaults to 0.05.
        jitter: int. The farthest shift, in pixels. Defaults to 4.
        variation_weight: float. Of `V` of pictures of 0 to 1. Defaults to 0.
        fourier: bool. Defaults to True.
        seed: int. Of the start and the shifts. Defaults to 0.

    Call arguments:
        units: int, or list of int: channels of the layer, or classes.

    Returns:
        `(pictures, scores)`: float32 `(units, height, width, channels)` within
        the range, and `(steps, units)`: the score before each step.

    Raises:
        ValueError: on a layer, a unit or an argument that there is not.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, name="conv"),
    ... ])
    >>> look = FeatureVisualization(model, "conv", steps=5)
    >>> pictures, scores = look([0, 3])
    >>> pictures.shape, bool((scores[-1] > scores[0]).all())
    ((2, 8, 8, 3), True)

    Reference:
        [Olah et al., 2017](https://doi.org/10.23915/distill.00007);
        [Mahendran and Vedaldi, 2015](https://arxiv.org/abs/1412.0035)
    """

    def __init__(
        self,
        model,
        layer=None,
        output=None,
        value_range=(0, 255),
        size=None,
        steps=256,
        learning_rate=0.05,
        jitter=4,
        variation_weight=0.0,
        fourier=True,
        seed=0,
    ):
        require_positive(steps=steps)
        low, high = value_range
        if not low < high or jitter < 0:
            raise ValueError(
                "`value_range` must rise, and `jitter` not be negative. "
                f"Received: {value_range=}, {jitter=}"
            )
        self.model = model
        self.layer = layer
        self.output = output
        self.value_range = (low, high)
        self.size = size
        self.steps = steps
        self.learning_rate = learning_rate
        self.jitter = jitter
        self.variation_weight = variation_weight
        self.fourier = fourier
        self.seed = seed

    def __call__(self, units):
        looked_at = PictureUnits(self.model, self.layer, self.output, self.size)
        units, shape = looked_at.chosen(units), looked_at.shape
        random = np.random.default_rng(self.seed)
        start, decode = self._parameters(len(units), shape, random)
        shifts = random.integers(-self.jitter, self.jitter + 1, (self.steps, 2))
        low, high = self.value_range

        def picture(z):
            return low + (high - low) * tf.sigmoid(decode(z))

        chosen = tf.constant(units, tf.int32)

        @tf.function(autograph=False)
        def ascend(z, shifts):
            def step(index, z, mean, square, scores):
                with tf.GradientTape() as tape:
                    tape.watch(z)
                    x = picture(z)
                    rolled = tf.roll(x, shifts[index], axis=[1, 2])
                    values = looked_at.score(rolled, chosen)
                    rough = total_variation((x - low) / (high - low))
                    gain = values - self.variation_weight * rough
                slope = tape.gradient(gain, z)
                scores = scores.write(index, values)
                mean = 0.9 * mean + 0.1 * slope
                square = 0.999 * square + 0.001 * slope**2
                count = tf.cast(index + 1, tf.float32)
                root = tf.sqrt(square / (1 - 0.999**count)) + 1e-8
                z = z + self.learning_rate * mean / (1 - 0.9**count) / root
                return index + 1, z, mean, square, scores

            zeros = tf.zeros_like(z)
            found = tf.while_loop(
                lambda index, *_: index < self.steps,
                step,
                (0, z, zeros, zeros, tf.TensorArray(tf.float32, self.steps)),
                maximum_iterations=self.steps,
            )
            return picture(found[1]), found[-1].stack()

        pictures, scores = ascend(
            tf.constant(start), tf.constant(shifts, tf.int32)
        )
        return pictures.numpy(), scores.numpy()

    def _parameters(self, count, shape, random):
        """Where the numbers start, and the function to the picture's logits."""
        height, width, channels = shape
        if not self.fourier:
            start = random.normal(0, 0.1, (count, *shape))
            return start.astype("float32"), lambda z: z
        ys = np.fft.fftfreq(height)[:, None]
        xs = np.fft.rfftfreq(width)[None, :]
        frequency = np.sqrt(ys**2 + xs**2)
        scale = 1 / np.maximum(frequency, 1 / max(height, width))
        scale = scale * np.sqrt(height * width) / 4
        start = random.normal(
            0, 0.01, (count, channels, 2, height, scale.shape[1])
        )
        colours = _COLOURS if channels == 3 else np.eye(channels)
        colours = colours / np.abs(colours).sum(axis=1).max()
        scale, colours = (tf.constant(a, tf.float32) for a in (scale, colours))

        def decode(z):
            waves = tf.complex(z[:, :, 0] * scale, z[:, :, 1] * scale)
            x = tf.signal.irfft2d(waves, fft_length=[height, width])
            x = tf.transpose(x, (0, 2, 3, 1))
            return 4.0 * tf.tensordot(x, colours, [[3], [1]])

        return start.astype("float32"), decode
