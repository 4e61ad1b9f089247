import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class FusionAttention(keras.layers.Layer):
    """Puts a fine map beside a coarse one whose channels both of them weigh.

    `y = [x * (g(mean(x)) + h(mean(b))), b]`,
    `g(m) = sigmoid(relu(m W_1 + b_1) W_2 + b_2)`

    for the map `x` that comes up and the bridge `b`; `h` is a gate as `g`,
    with weights of its own.

    Args:
        reduction: int. How many times as narrow the gates' hidden layers are
            as the maps. Defaults to 16.

    Call arguments:
        inputs: `[x, b]`, float tensors of shape `(batch, height, width,
            channels)`.

    Returns:
        A float tensor of shape `(batch, height, width, 2 * channels)`.

    Raises:
        ValueError: if the maps have different channels, or `reduction` is not
            positive.

    Example:

    >>> maps = [ops.ones((1, 4, 4, 8)), ops.ones((1, 4, 4, 8))]
    >>> tuple(FusionAttention(reduction=2)(maps).shape)
    (1, 4, 4, 16)

    Reference:
        [Fan et al., 2020](https://doi.org/10.1109/ACCESS.2020.3025372),
        multi-scale fusion attention block.
    """

    def __init__(self, reduction=16, **kwargs):
        super().__init__(**kwargs)
        if reduction < 1:
            raise ValueError(
                f"`reduction` must be positive. Received: {reduction=}"
            )
        self.reduction = reduction

    def build(self, input_shape):
        own, bridge = (shape[-1] for shape in input_shape)
        if own != bridge:
            raise ValueError(
                "Both maps must have the same channels. "
                f"Received: shapes {input_shape}"
            )
        units = max(own // self.reduction, 1)
        self.gates = []
        for name in ("own", "bridge"):
            reduce = self._dense(units, "relu", f"{name}_reduce")
            expand = self._dense(own, "sigmoid", f"{name}_expand")
            reduce.build((input_shape[0][0], own))
            expand.build((input_shape[0][0], units))
            self.gates.append([reduce, expand])

    def call(self, inputs):
        weights = 0.0
        for x, (reduce, expand) in zip(inputs, self.gates, strict=True):
            mean = ops.mean(x, axis=(1, 2), keepdims=True)
            weights = weights + expand(reduce(mean))
        x, bridge = inputs
        return ops.concatenate([x * weights, bridge], axis=-1)

    def compute_output_shape(self, input_shape):
        *rest, channels = input_shape[0]
        return (*rest, 2 * channels)

    def get_config(self):
        return {**super().get_config(), "reduction": self.reduction}

    def _dense(self, units, activation, name):
        return keras.layers.Dense(
            units, activation=activation, dtype=self.dtype_policy, name=name
        )
