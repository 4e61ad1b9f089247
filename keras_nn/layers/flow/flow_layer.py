import keras
from keras import ops


class FlowLayer(keras.layers.Layer):
    """A layer that can be run backwards and says how it changes volume.

    `z = f(x; c)`, `x = f^-1(z; c)`, with `log |det dz/dx|` of each example.
    Abstract. A subclass implements

    - `forward(inputs, condition, training)`: `(z, log_det)`;
    - `backward(inputs, condition, training)`: `(x, log_det)`, the log
      determinant being that of the way back, `-log |det dz/dx|`.

    and may have `adapt(x)`, in which it learns statistics of data before the
    training. Everything is computed in float32, whatever the policy: a
    log-likelihood is a sum of many terms. Only networks inside of a layer
    compute as their own policy says.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: float tensor `(batch, units)` or None: what the density
            depends on, such as a class.
        inverse: bool. Whether to run backwards. Defaults to False.

    Returns:
        `(outputs, log_det)`: float32 tensors `(batch, ..., channels)` and
        `(batch,)`.

    Example:

    >>> from keras_nn.layers import ActNorm
    >>> z, log_det = ActNorm()(ops.ones((2, 3)))
    >>> tuple(z.shape), tuple(log_det.shape)
    ((2, 3), (2,))
    """

    def __init__(self, **kwargs):
        super().__init__(autocast=False, **kwargs)

    def add_weight(self, *args, **kwargs):
        # Not cast where a half-precision policy would: see above.
        kwargs = {"autocast": False, "dtype": "float32", **kwargs}
        return super().add_weight(*args, **kwargs)

    def call(self, inputs, condition=None, inverse=False, training=None):
        inputs = ops.cast(inputs, "float32")
        if condition is not None:
            condition = ops.cast(condition, "float32")
        run = self.backward if inverse else self.forward
        return run(inputs, condition, training)

    def forward(self, inputs, condition=None, training=None):
        """From data to codes: `(outputs, log_det)`."""
        raise TypeError(f"{type(self).__name__} must implement `forward`.")

    def backward(self, inputs, condition=None, training=None):
        """From codes to data: `(outputs, log_det)`."""
        raise TypeError(f"{type(self).__name__} must implement `backward`.")

    def compute_output_shape(self, inputs_shape, condition_shape=None):
        return tuple(inputs_shape), (inputs_shape[0],)


def adapt(layer, x, condition=None):
    """Lets a flow layer learn its statistics, if it has such: None.

    Args:
        layer: `FlowLayer`.
        x: float array of the inputs of that layer.
        condition: float array or None.
    """
    if not layer.built:
        layer(x, condition)
    if hasattr(layer, "adapt"):
        layer.adapt(x, condition)


def sum_of_each(values):
    """The sum over all axes but the first: a tensor `(batch,)`."""
    return ops.sum(values, axis=tuple(range(1, len(values.shape))))


def zeros_of_each(values):
    """Zeros `(batch,)`: the log determinant of what keeps volumes."""
    return ops.zeros_like(values[(slice(None), *[0] * (values.ndim - 1))])


def places(shape):
    """int. How many places a tensor of this shape has beside its channels."""
    count = 1
    for side in shape[1:-1]:
        count *= side
    return count
