import math

import keras
import numpy as np
from keras import ops

STEPS = (1e-3, 1e-1)  # smallest and largest step size at the start


@keras.saving.register_keras_serializable(package="keras_nn")
class S4D(keras.layers.Layer):
    """A linear recurrence of complex oscillators for each feature.

    `h_t = exp(d A) h_(t-1) + x_t`, `y_t = 2 Re(C B . h_t) + D x_t`,
    `B = (exp(d A) - 1) / A`; then `[a, b] = gelu(y) W`, `a * sigmoid(b)`.
    `A` starts as `-1/2 + i pi n`.

    All steps at once by a convolution as long as the text, worked out by
    Fourier transforms; `step` is the recurrence, with the same result.

    Args:
        num_states: int. Oscillators of a feature. Defaults to 32.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `num_states` is not positive.

    Example:

    >>> S4D(num_states=4)(ops.ones((2, 5, 8))).shape
    TensorShape([2, 5, 8])

    Reference:
        [Gu et al., 2022](https://arxiv.org/abs/2206.11893)
    """

    def __init__(self, num_states=32, **kwargs):
        super().__init__(**kwargs)
        if num_states < 1:
            raise ValueError(
                f"`num_states` must be positive. Received: {num_states=}"
            )
        self.num_states = num_states
        self.mix = None

    def build(self, input_shape):
        features = input_shape[-1]
        shape = (features, self.num_states)
        waves = math.pi * np.arange(self.num_states, dtype="float32")
        low, high = map(math.log, STEPS)
        normal = keras.initializers.RandomNormal(stddev=0.5**0.5)
        self.log_steps = self.add_weight(
            name="log_steps",
            shape=(features,),
            initializer=keras.initializers.RandomUniform(low, high),
        )
        self.log_rates = self.add_weight(
            name="log_rates",
            shape=shape,
            initializer=keras.initializers.Constant(math.log(0.5)),
        )
        self.waves = self.add_weight(
            name="waves",
            shape=shape,
            initializer=lambda shape, dtype: ops.broadcast_to(
                ops.cast(waves, dtype), shape
            ),
        )
        self.read = self.add_weight(
            name="read", shape=(2, *shape), initializer=normal
        )
        self.skip = self.add_weight(
            name="skip", shape=(features,), initializer="random_normal"
        )
        self.mix = keras.layers.Dense(
            2 * features, dtype=self.dtype_policy, name="mix"
        )
        self.mix.build(input_shape)

    def call(self, inputs):
        length = ops.shape(inputs)[1]
        x = ops.swapaxes(ops.cast(inputs, "float32"), 1, 2)  # (b, f, length)
        kernel = self._kernel(length)
        a, b = ops.rfft(x, fft_length=2 * length)  # no wrapping round
        c, d = ops.rfft(kernel, fft_length=2 * length)
        y = ops.irfft((a * c - b * d, a * d + b * c), fft_length=2 * length)
        y = ops.swapaxes(y[..., :length], 1, 2)
        return self._out(y, inputs)

    def step(self, inputs, state):
        """One step of the recurrence.

        Args:
            inputs: float tensor of shape `(batch, features)`.
            state: list of two float32 tensors, of `empty_state` or of a step.

        Returns:
            A float tensor of the shape of `inputs`, and the state.
        """
        (decay, angle), (read_real, read_imag) = self._constants()
        keep = ops.exp(decay)
        real, imag = keep * ops.cos(angle), keep * ops.sin(angle)
        a, b = state
        x = ops.cast(inputs, "float32")[..., None]
        state = [real * a - imag * b + x, real * b + imag * a]
        y = read_real * state[0] - read_imag * state[1]
        return self._out(2 * ops.sum(y, axis=-1), inputs), state

    def empty_state(self, batch):
        """The state before the first step: its real and imaginary part."""
        shape = (batch, self.log_rates.shape[0], self.num_states)
        return [ops.zeros(shape, "float32") for _ in range(2)]

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "num_states": self.num_states}

    def _constants(self):
        """Logarithm of a step `d A`, and `C B`: real and imaginary parts."""
        step = ops.exp(ops.cast(self.log_steps, "float32"))[:, None]
        rate = -ops.exp(ops.cast(self.log_rates, "float32"))
        wave = ops.cast(self.waves, "float32")
        decay, angle = step * rate, step * wave
        grown = ops.exp(decay)
        up, side = grown * ops.cos(angle) - 1, grown * ops.sin(angle)
        size = rate**2 + wave**2
        # (exp(d A) - 1) / A, as a product with the conjugate of A.
        real = (up * rate + side * wave) / size
        imag = (side * rate - up * wave) / size
        c, d = ops.unstack(ops.cast(self.read, "float32"), axis=0)
        return (decay, angle), (c * real - d * imag, c * imag + d * real)

    def _kernel(self, length):
        """What a step says of each step before: `(features, length)`."""
        (decay, angle), (real, imag) = self._constants()
        ago = ops.cast(ops.arange(length), "float32")
        fade = ops.exp(decay[..., None] * ago)
        turn = angle[..., None] * ago
        waves = real[..., None] * ops.cos(turn) - imag[..., None] * ops.sin(
            turn
        )
        return 2 * ops.sum(fade * waves, axis=1)

    def _out(self, y, inputs):
        y = ops.cast(y, self.compute_dtype) + inputs * self.skip
        a, b = ops.split(self.mix(ops.gelu(y, approximate=False)), 2, axis=-1)
        return a * ops.sigmoid(b)
