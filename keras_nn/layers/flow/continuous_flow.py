import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import zeros_of_each

TRACES = ("exact", "hutchinson")
SOLVERS = ("runge_kutta", "dormand_prince")


@keras.saving.register_keras_serializable(package="keras_nn")
class ContinuousFlow(FlowLayer):
    """A differential equation whose velocity a network says: FFJORD.

    `dx/dt = v(x, t, c)` from `t = 0` to 1, `z = x(1)`; along the way
    `d log det / dt = trace(dv/dx)`. The network is one of dense layers with
    tanh, whose directional derivatives are computed beside its outputs.

    Args:
        units: list of ints. Width of each hidden layer of the network.
            Defaults to `(64, 64)`.
        trace: str. `"exact"` follows as many directions as there are values;
            `"hutchinson"` estimates it from one random direction, drawn anew
            in training and fixed elsewhere. Defaults to `"exact"`.
        solver: str. `"runge_kutta"`: the classical method of fourth order in
            steps of one size, through which the gradient goes;
            `"dormand_prince"`: that of TensorFlow Probability with adaptive
            steps and the adjoint equation, which XLA cannot compile. Defaults
            to `"runge_kutta"`.
        steps: int. Of `"runge_kutta"`. Defaults to 8.
        tolerance: float. Error of `"dormand_prince"`. Defaults to 1e-5.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, values)`.
        condition: float tensor `(batch, units)` or None.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If there is no such trace or solver.

    Example:

    >>> layer = ContinuousFlow([8])
    >>> z, log_det = layer(ops.ones((2, 3)))
    >>> x, _ = layer(z, inverse=True)
    >>> bool(ops.all(ops.abs(x - 1) < 1e-3))
    True

    Reference:
        [Grathwohl et al., 2019](https://arxiv.org/abs/1810.01367)
    """

    def __init__(
        self,
        units=(64, 64),
        trace="exact",
        solver="runge_kutta",
        steps=8,
        tolerance=1e-5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value, known in (
            ("trace", trace, TRACES),
            ("solver", solver, SOLVERS),
        ):
            if value not in known:
                raise ValueError(
                    f"`{name}` must be one of {known}. "
                    f"Received: {name}={value!r}"
                )
        if min([*units, steps]) < 1 or not tolerance > 0:
            raise ValueError(
                "`units`, `steps` and `tolerance` must be positive. "
                f"Received: {units=}, {steps=}, {tolerance=}"
            )
        self.units = [int(width) for width in units]
        self.trace = trace
        self.solver = solver
        self.steps = steps
        self.tolerance = tolerance
        self.seed_generator = keras.random.SeedGenerator()
        self.supports_jit = solver == "runge_kutta"

    def build(self, inputs_shape, condition_shape=None):
        width = inputs_shape[-1] + 1
        if condition_shape is not None:
            width += condition_shape[-1]
        self.kernels, self.biases = [], []
        for index, wide in enumerate([*self.units, inputs_shape[-1]]):
            last = index == len(self.units)
            name = "velocity" if last else f"hidden_{index}"
            self.kernels.append(
                self.add_weight(
                    name=f"{name}_kernel",
                    shape=(width, wide),
                    initializer=keras.initializers.GlorotUniform(),
                )
            )
            self.biases.append(
                self.add_weight(
                    name=f"{name}_bias", shape=(wide,), initializer="zeros"
                )
            )
            width = wide

    def _velocity(self, time, state, condition, directions):
        """Velocity and trace at `state`; directions are `(batch, k, d)`."""
        told = [state, time * ops.ones_like(state[:, :1])]
        if condition is not None:
            told.append(condition)
        x = ops.concatenate(told, axis=-1)
        first = ops.convert_to_tensor(self.kernels[0])
        along = ops.matmul(directions, first[: state.shape[-1]])
        for index, kernel in enumerate(self.kernels):
            x = ops.matmul(x, kernel) + self.biases[index]
            if index:
                along = ops.matmul(along, kernel)
            if index < len(self.units):
                x = ops.tanh(x)
                along = along * (1.0 - ops.square(x))[:, None]
        return x, ops.sum(directions * along, axis=(1, 2))

    def _directions(self, inputs, training):
        if self.trace == "exact":
            return ops.eye(inputs.shape[-1])[None]
        seed = self.seed_generator if training else 0
        shape = (ops.shape(inputs)[0], 1, inputs.shape[-1])
        return keras.random.normal(shape, dtype="float32", seed=seed)

    def _solve(self, inputs, condition, training, begin, end):
        directions = self._directions(inputs, training)

        def derivative(time, state):
            return self._velocity(time, state[0], condition, directions)

        state = (inputs, zeros_of_each(inputs))
        if self.solver == "dormand_prince":
            return self._adaptive(derivative, state, begin, end)
        step = (end - begin) / self.steps
        for index in range(self.steps):
            time = begin + index * step
            slopes = [derivative(time, state)]
            for share in (0.5, 0.5, 1.0):
                ahead = _moved(state, slopes[-1], share * step)
                slopes.append(derivative(time + share * step, ahead))
            for slope, share in zip(slopes, (1, 2, 2, 1), strict=True):
                state = _moved(state, slope, share * step / 6)
        return state

    def _adaptive(self, derivative, state, begin, end):
        import tensorflow_probability as tfp

        sign = 1.0 if end > begin else -1.0  # the solver runs forward only

        def along(time, state):
            slopes = derivative(begin + sign * time, state)
            return tuple(sign * slope for slope in slopes)

        solver = tfp.math.ode.DormandPrince(self.tolerance, self.tolerance)
        solved = solver.solve(along, 0.0, state, solution_times=[1.0])
        return tuple(values[-1] for values in solved.states)

    def forward(self, inputs, condition=None, training=None):
        return self._solve(inputs, condition, training, 0.0, 1.0)

    def backward(self, inputs, condition=None, training=None):
        return self._solve(inputs, condition, training, 1.0, 0.0)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "trace": self.trace,
            "solver": self.solver,
            "steps": self.steps,
            "tolerance": self.tolerance,
        }


def _moved(state, slopes, step):
    return tuple(s + step * d for s, d in zip(state, slopes, strict=True))
