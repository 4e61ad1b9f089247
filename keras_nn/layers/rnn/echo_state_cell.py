import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class EchoStateCell(keras.layers.Layer):
    """A random recurrent network that is not trained: a reservoir.

    `h <- (1 - l) h + l tanh(x W + h U + b)`, where `U` is sparse and its
    largest eigenvalue has the absolute value `spectral_radius`

    Use it in `keras.layers.RNN`; what reads its states is trained. Below a
    spectral radius of 1 the state usually forgets where it began.

    Args:
        units: int. Features of the state.
        spectral_radius: float. Defaults to 0.9.
        leak: float in (0, 1]. Share `l` of the new state. Defaults to 1.
        connectivity: float in (0, 1]. Share of `U` that is not zero. Defaults
            to 0.1.
        input_scale: float. `W` and `b` are uniform in plus and minus it.
            Defaults to 1.
        use_bias: bool. Defaults to True.
        seed: int. Of the reservoir. Defaults to 0.

    Call arguments:
        inputs: float tensor of shape `(batch, features)`.
        states: list of a float tensor of shape `(batch, units)`.

    Returns:
        The state, of shape `(batch, units)`, and a list of it.

    Raises:
        ValueError: on a size that is not positive or a share that is none.

    Example:

    >>> keras.layers.RNN(EchoStateCell(8))(ops.ones((2, 5, 4))).shape
    TensorShape([2, 8])

    Reference:
        [Jaeger, 2001](https://www.ai.rug.nl/minds/uploads/EchoStatesTechRep.pdf)
    """

    def __init__(
        self,
        units,
        spectral_radius=0.9,
        leak=1.0,
        connectivity=0.1,
        input_scale=1.0,
        use_bias=True,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1 or spectral_radius < 0:
            raise ValueError(
                "`units` must be positive, and `spectral_radius` not "
                f"negative. Received: {units=}, {spectral_radius=}"
            )
        for name, share in (("leak", leak), ("connectivity", connectivity)):
            if not 0 < share <= 1:
                raise ValueError(
                    f"`{name}` must lie in (0, 1]. Received: {name}={share}"
                )
        self.units = units
        self.spectral_radius = spectral_radius
        self.leak = leak
        self.connectivity = connectivity
        self.input_scale = input_scale
        self.use_bias = use_bias
        self.seed = seed
        self.state_size = units
        self.output_size = units

    def build(self, input_shape):
        generator = np.random.default_rng(self.seed)

        def reservoir(shape):
            dense = generator.normal(size=shape)
            dense *= generator.uniform(size=shape) < self.connectivity
            radius = np.abs(np.linalg.eigvals(dense)).max()
            # A few units of low connectivity may have no cycle at all.
            return dense * (self.spectral_radius / radius if radius else 0.0)

        def uniform(shape):
            return generator.uniform(-self.input_scale, self.input_scale, shape)

        def add(name, shape, draw):
            return self.add_weight(
                name=name,
                shape=shape,
                initializer=lambda shape, dtype: ops.convert_to_tensor(
                    draw(shape), dtype
                ),
                trainable=False,
            )

        square = (self.units, self.units)
        self.kernel = add("kernel", (input_shape[-1], self.units), uniform)
        self.recurrent_kernel = add("recurrent_kernel", square, reservoir)
        if self.use_bias:
            self.bias = add("bias", (self.units,), uniform)

    def call(self, inputs, states, training=False):
        (state,) = keras.tree.flatten(states)
        read = ops.matmul(inputs, self.kernel)
        read = read + ops.matmul(state, self.recurrent_kernel)
        if self.use_bias:
            read = read + self.bias
        after = (1 - self.leak) * state + self.leak * ops.tanh(read)
        return after, [after]

    def get_initial_state(self, batch_size=None):
        """A state of zeros: a list."""
        return [ops.zeros((batch_size, self.units), self.compute_dtype)]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "spectral_radius": self.spectral_radius,
            "leak": self.leak,
            "connectivity": self.connectivity,
            "input_scale": self.input_scale,
            "use_bias": self.use_bias,
            "seed": self.seed,
        }
