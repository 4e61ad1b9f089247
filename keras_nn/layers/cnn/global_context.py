import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class GlobalContext(keras.layers.Layer):
    """Weighs, or shifts, all places by what one attention sees of the map.

    `c = sum_p softmax_p(w x_p + b) x_p`; `y = x * sigmoid(f(c)) + g(c)`

    with `f`, `g`: dense, layer normalisation, ReLU, dense.

    Args:
        units: int. Width of the hidden layers.
        scale: bool. Whether to weigh. Defaults to True.
        shift: bool. Whether to add. Defaults to False.
        activation: str or callable. Of hidden layers. Defaults to `"relu"`.
        gate: str or callable. Defaults to `"sigmoid"`.
        epsilon: float, added to variances. Defaults to 1e-6.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Raises:
        ValueError: if `units` is not positive, or nothing is to be done.

    Example:

    >>> tuple(GlobalContext(4)(ops.ones((1, 8, 8, 16))).shape)
    (1, 8, 8, 16)

    Reference:
        [Cao et al., 2019](https://arxiv.org/abs/1904.11492)
    """

    def __init__(
        self,
        units,
        scale=True,
        shift=False,
        activation="relu",
        gate="sigmoid",
        epsilon=1e-6,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        if not (scale or shift):
            raise ValueError(
                "At least one of `scale` and `shift` must be True. "
                f"Received: {scale=}, {shift=}"
            )
        self.units = units
        self.scale = scale
        self.shift = shift
        self.activation = keras.activations.get(activation)
        self.gate = keras.activations.get(gate)
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        channels = input_shape[-1]
        self.attention = self._dense(1, channels, "attention")
        for name, wanted in (("scale", self.scale), ("shift", self.shift)):
            if not wanted:
                continue
            norm = keras.layers.LayerNormalization(
                epsilon=self.epsilon,
                dtype=self.dtype_policy,
                name=f"{name}_norm",
            )
            norm.build((None, self.units))
            reduce = self._dense(self.units, channels, f"{name}_reduce")
            expand = self._dense(channels, self.units, f"{name}_expand")
            setattr(self, f"{name}_norm", norm)
            setattr(self, f"{name}_reduce", reduce)
            setattr(self, f"{name}_expand", expand)

    def call(self, inputs):
        _, height, width, channels = ops.shape(inputs)
        places = ops.reshape(inputs, (-1, height * width, channels))
        scores = ops.cast(self.attention(places), "float32")
        shares = ops.cast(ops.softmax(scores, axis=1), inputs.dtype)
        context = ops.sum(shares * places, axis=1)
        if self.scale:
            gates = self.gate(self._of_context(context, "scale"))
            outputs = inputs * gates[:, None, None]
        else:
            outputs = inputs
        if self.shift:
            shifts = self._of_context(context, "shift")
            outputs = outputs + shifts[:, None, None]
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "scale": self.scale,
            "shift": self.shift,
            "activation": keras.activations.serialize(self.activation),
            "gate": keras.activations.serialize(self.gate),
            "epsilon": self.epsilon,
        }

    def _of_context(self, context, name):
        hidden = getattr(self, f"{name}_reduce")(context)
        hidden = self.activation(getattr(self, f"{name}_norm")(hidden))
        return getattr(self, f"{name}_expand")(hidden)

    def _dense(self, units, inputs, name):
        layer = keras.layers.Dense(units, dtype=self.dtype_policy, name=name)
        layer.build((None, inputs))
        return layer
