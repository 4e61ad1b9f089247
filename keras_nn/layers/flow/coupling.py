import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import sum_of_each
from keras_nn.layers.flow.value_transform import get_transform

MASKS = ("channels", "checkerboard")


@keras.saving.register_keras_serializable(package="keras_nn")
class Coupling(FlowLayer):
    """Half of the values change as a network says that sees the other half.

    `z = m * x + (1 - m) * T(x; network(m * x, c))`, with a mask `m` of zeros
    and ones; `T` works value by value, so the log determinant is the sum of
    its log slopes. NICE with additive transforms, RealNVP with affine ones,
    a neural spline flow with splines.

    Args:
        network: `keras.layers.Layer` or model from `(batch, ..., channels)`
            to features `(batch, ..., features)`. It sees the masked values
            and, as further channels, the condition. A dense layer that
            begins with zeros turns features into parameters, so the coupling
            begins as the identity.
        transform: str or `ValueTransform`: `"additive"`, `"affine"`,
            `"spline"`. Defaults to `"affine"`.
        mask: str. `"channels"`: the first half of the channels is seen;
            `"checkerboard"`: every other place of a picture. Defaults to
            `"channels"`.
        flip: bool. Whether the other half is seen. Defaults to False.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: float tensor `(batch, units)` or None.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: On a mask that is not there, or one that leaves nothing
            to change or nothing to see.

    Example:

    >>> layer = Coupling(keras.layers.Dense(8, activation="relu"))
    >>> z, log_det = layer(ops.ones((2, 4)))
    >>> bool(ops.all(z == 1)), float(log_det[0])
    (True, 0.0)

    Reference:
        [Dinh et al., 2017](https://arxiv.org/abs/1605.08803), section 3
    """

    def __init__(
        self, network, transform="affine", mask="channels", flip=False, **kwargs
    ):
        super().__init__(**kwargs)
        if mask not in MASKS:
            raise ValueError(
                f"`mask` must be one of {MASKS}. Received: {mask=}"
            )
        self.network = network
        self.transform = get_transform(transform)
        self.mask = mask
        self.flip = flip

    def build(self, inputs_shape, condition_shape=None):
        shape = tuple(inputs_shape[1:])
        if self.mask == "channels" and shape[-1] < 2:
            raise ValueError(
                "A mask of channels needs two channels at least. "
                f"Received: inputs of shape {tuple(inputs_shape)}"
            )
        if self.mask == "checkerboard" and len(shape) != 3:
            raise ValueError(
                "A checkerboard is for pictures (batch, height, width, "
                f"channels). Received: shape {tuple(inputs_shape)}"
            )
        further = 0 if condition_shape is None else condition_shape[-1]
        seen = (*inputs_shape[:-1], shape[-1] + further)
        if not self.network.built:
            self.network.build(seen)
        features = self.network.compute_output_shape(seen)
        self.head = keras.layers.Dense(
            shape[-1] * self.transform.parameters_per_value,
            kernel_initializer="zeros",
            dtype="float32",
            name="head",
        )
        self.head.build(features)

    def _mask(self, shape):
        if self.mask == "channels":
            seen = ops.arange(shape[-1]) < shape[-1] // 2
        else:
            rows, columns = ops.arange(shape[1]), ops.arange(shape[2])
            seen = (rows[:, None] + columns[None]) % 2 == 0
            seen = seen[..., None]
        seen = ops.cast(seen, "float32")
        return 1.0 - seen if self.flip else seen

    def _parameters(self, seen, condition, training):
        shape = ops.shape(seen)
        if condition is not None:
            middle = (1,) * (len(shape) - 2)
            wide = ops.reshape(condition, (-1, *middle, condition.shape[-1]))
            wide = ops.broadcast_to(wide, (*shape[:-1], condition.shape[-1]))
            seen = ops.concatenate([seen, wide], axis=-1)
        features = self.network(seen, training=training)
        said = self.head(ops.cast(features, "float32"))
        count = self.transform.parameters_per_value
        return ops.reshape(said, (*shape, count))

    def _run(self, function, inputs, condition, training):
        mask = self._mask(inputs.shape)
        seen = mask * inputs
        parameters = self._parameters(seen, condition, training)
        outputs, log_slopes = function(inputs, parameters)
        hidden = 1.0 - mask
        return seen + hidden * outputs, sum_of_each(hidden * log_slopes)

    def forward(self, inputs, condition=None, training=None):
        return self._run(self.transform.forward, inputs, condition, training)

    def backward(self, inputs, condition=None, training=None):
        return self._run(self.transform.backward, inputs, condition, training)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "network": without_build(serialize(self.network)),
            "transform": serialize(self.transform),
            "mask": self.mask,
            "flip": self.flip,
        }

    @classmethod
    def from_config(cls, config):
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})


def without_build(config):
    """A serialised layer without the shape that it was built for."""
    config.pop("build_config", None)
    for value in config.get("config", {}).get("layers", ()):
        value.pop("build_config", None)
    return config
