import math

import keras
import numpy as np
from keras import ops

from keras_nn.ops.selective_scan import selective_scan

STEPS = (1e-3, 1e-1)  # smallest and largest step size at the start


@keras.saving.register_keras_serializable(package="keras_nn")
class MambaBlock(keras.layers.Layer):
    """A block that remembers what its input tells it to.

    `u, z = norm(x) @ W`; `u = silu(conv(u))`;
    `y = x + (scan(u) + D * u) * silu(z) @ V`

    `scan` is `keras_nn.ops.selective_scan` with step sizes, `B` and `C` that
    are projected from `u`. No token sees a later one.

    Args:
        num_states: int. Numbers remembered for each inner feature. Defaults
            to 16.
        kernel_size: int. Tokens that the convolution sees. Defaults to 4.
        expansion: int. Inner features for each feature. Defaults to 2.
        rank: int or None. Features that step sizes are projected from.
            Defaults to a sixteenth of the features, rounded up.
        epsilon: float, added to mean squares. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, length, features)`.
        state: list of two float tensors, of `empty_state` or of a call, or
            None: what is remembered of the tokens before.
        there: bool tensor of shape `(batch, length)` or None: which tokens
            are there; the others, in front of a text, change nothing.

    Returns:
        A float tensor of the shape of `inputs`; with a state, that and the
        state behind the last token.

    Raises:
        ValueError: if a size is not positive.

    Example:

    >>> MambaBlock(num_states=4)(ops.ones((2, 5, 8))).shape
    TensorShape([2, 5, 8])

    Reference:
        [Gu and Dao, 2023](https://arxiv.org/abs/2312.00752)
    """

    def __init__(
        self,
        num_states=16,
        kernel_size=4,
        expansion=2,
        rank=None,
        epsilon=1e-5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        sizes = {
            "num_states": num_states,
            "kernel_size": kernel_size,
            "expansion": expansion,
            "rank": rank,
        }
        for name, size in sizes.items():
            if size is not None and size < 1:
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={size}"
                )
        self.num_states = num_states
        self.kernel_size = kernel_size
        self.expansion = expansion
        self.rank = rank
        self.epsilon = epsilon
        self.norm = keras.layers.RMSNormalization(
            epsilon=epsilon, dtype=self.dtype_policy, name="norm"
        )

    def build(self, input_shape):
        features = input_shape[-1]
        inner = self.expansion * features
        narrow = self.rank or -(-features // 16)
        width = narrow + 2 * self.num_states
        self.split_at = (narrow, narrow + self.num_states)
        self.enter = self._dense("enter", 2 * inner, features)
        self.select = self._dense("select", width, inner)
        self.step = self._dense("step", inner, narrow)
        self.leave = self._dense("leave", features, inner)
        self.norm.build(input_shape)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.kernel_size, inner),
            initializer=keras.initializers.VarianceScaling(
                1 / 3, "fan_in", "uniform"
            ),
        )
        self.bias = self.add_weight(
            name="bias", shape=(inner,), initializer="zeros"
        )
        self.step_bias = self.add_weight(
            name="step_bias", shape=(inner,), initializer=_step_bias
        )
        rates = np.log(np.arange(1.0, self.num_states + 1, dtype="float32"))
        self.log_rates = self.add_weight(
            name="log_rates",
            shape=(inner, self.num_states),
            initializer=lambda shape, dtype: ops.broadcast_to(
                ops.cast(rates, dtype), shape
            ),
        )
        self.skip = self.add_weight(
            name="skip", shape=(inner,), initializer="ones"
        )

    def call(self, inputs, state=None, there=None):
        u, z = ops.split(self.enter(self.norm(inputs)), 2, axis=-1)
        tail, memory = (None, None) if state is None else state
        if there is not None:
            there = ops.cast(there, u.dtype)[..., None]
            u = u * there
        u, tail = self._convolve(u, tail)
        u = ops.silu(u)
        step, write, read = ops.split(self.select(u), self.split_at, axis=-1)
        delta = ops.softplus(self.step(step) + self.step_bias)
        if there is not None:
            delta = delta * there  # no time goes by
        # Products of many factors: half precision loses the memory.
        u, delta, write, read = (
            ops.cast(t, "float32") for t in (u, delta, write, read)
        )
        rates = -ops.exp(ops.cast(self.log_rates, "float32"))
        y = selective_scan(u, delta, rates, write, read, memory)
        if state is not None:
            y, memory = y
        y = y + u * ops.cast(self.skip, "float32")
        y = ops.cast(y, z.dtype) * ops.silu(z)
        y = inputs + self.leave(y)
        return y if state is None else (y, [tail, memory])

    def empty_state(self, batch):
        """The state before the first token of so many texts: a list.

        The last inputs of the convolution, of shape `(batch, kernel_size - 1,
        inner)`, and what the scan remembers, `(batch, inner, num_states)`.
        """
        inner = self.log_rates.shape[0]
        return [
            ops.zeros((batch, self.kernel_size - 1, inner), self.compute_dtype),
            ops.zeros((batch, inner, self.num_states), "float32"),
        ]

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "num_states": self.num_states,
            "kernel_size": self.kernel_size,
            "expansion": self.expansion,
            "rank": self.rank,
            "epsilon": self.epsilon,
        }

    def _convolve(self, x, tail):
        # A few products cost less than a depthwise convolution, which XLA
        # does not compile for a batch of unknown size.
        length = ops.shape(x)[1]
        before = self.kernel_size - 1
        if tail is None:
            x = ops.pad(x, ((0, 0), (before, 0), (0, 0)))
        else:
            x = ops.concatenate([tail, x], axis=1)
        steps = [
            self.kernel[place] * x[:, place : place + length]
            for place in range(self.kernel_size)
        ]
        return sum(steps) + self.bias, x[:, length:]

    def _dense(self, name, units, features):
        layer = keras.layers.Dense(
            units, use_bias=False, dtype=self.dtype_policy, name=name
        )
        layer.build((None, features))
        return layer


def _step_bias(shape, dtype=None):
    """Biases behind which softplus gives step sizes spread evenly in log."""
    low, high = map(math.log, STEPS)
    steps = ops.exp(keras.initializers.RandomUniform(low, high)(shape, dtype))
    return steps + ops.log(-ops.expm1(-steps))
