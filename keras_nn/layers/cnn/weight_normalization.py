import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class WeightNormalization(keras.layers.Wrapper):
    """Learns the length and the direction of each kernel apart.

    `y = layer(x)` with the kernel `w = g * v / norm(v)`, the norm over all
    axes but the last; `v` is the kernel that the layer owns.

    Args:
        layer: `keras.layers.Layer` with a `kernel` whose last axis counts
            its outputs, such as `Dense` or `Conv2D`.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: what the layer takes.

    Returns:
        What the layer gives. At first that is what it gives by itself: `g`
        starts as the norm of `v`.

    Raises:
        ValueError: if the layer has no kernel.

    Example:

    >>> layer = WeightNormalization(keras.layers.Conv2D(4, 3))
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 6, 6, 4)

    Reference:
        [Salimans and Kingma, 2016](https://arxiv.org/abs/1602.07868)
    """

    def __init__(self, layer, **kwargs):
        super().__init__(layer, **kwargs)
        self.supports_masking = self.layer.supports_masking

    def build(self, input_shape):
        super().build(input_shape)
        kernel = getattr(self.layer, "kernel", None)
        if kernel is None:
            raise ValueError(
                "`layer` must have a `kernel`. "
                f"Received: layer={self.layer.name} of type "
                f"{type(self.layer).__name__}"
            )
        self.g = self.add_weight(
            shape=(kernel.shape[-1],), initializer="ones", name="g"
        )
        self.g.assign(self._norm(kernel))

    def call(self, inputs):
        kernel = self.layer.kernel
        direction = ops.cast(kernel, "float32")
        scale = ops.cast(self.g, "float32") / self._norm(direction)
        # Inside of the scope the layer reads this kernel for its own.
        values = [(v, v.value) for v in self.layer.variables if v is not kernel]
        with keras.StatelessScope([*values, (kernel, direction * scale)]):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        config = super().get_config()
        # The shape that the layer was built for is no argument.
        config["layer"].pop("build_config", None)
        return config

    def _norm(self, kernel):
        squares = ops.square(ops.cast(kernel, "float32"))
        axes = tuple(range(len(kernel.shape) - 1))
        return ops.sqrt(ops.maximum(ops.sum(squares, axis=axes), 1e-24))
