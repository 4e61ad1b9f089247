import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class SpectralNormalized(keras.layers.Wrapper):
    """Divides a kernel by its largest singular value: a slope of at most 1.

    `y = layer(x)` with the kernel `W / sigma`, `sigma = v' W u`, where `W`
    has a column for each output; each call in training makes `u` and `v`
    better by a step of power iteration. The gradient goes through `sigma`,
    and the kernel itself is left as it is.

    Args:
        layer: `keras.layers.Layer` with a `kernel` whose last axis counts
            its outputs, such as `Dense` or `Conv2D`.
        iterations: int. Steps of power iteration a call. Defaults to 1.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: what the layer takes.

    Returns:
        What the layer gives.

    Raises:
        ValueError: if the layer has no kernel, or `iterations` is below 1.

    Example:

    >>> layer = SpectralNormalized(keras.layers.Conv2D(4, 3))
    >>> tuple(layer(ops.ones((1, 8, 8, 3))).shape)
    (1, 6, 6, 4)

    Reference:
        [Miyato et al., 2018](https://arxiv.org/abs/1802.05957), algorithm 1
    """

    def __init__(self, layer, iterations=1, **kwargs):
        super().__init__(layer, **kwargs)
        if iterations < 1:
            raise ValueError(
                f"`iterations` must be positive. Received: {iterations=}"
            )
        self.iterations = iterations

    def build(self, input_shape):
        super().build(input_shape)
        kernel = getattr(self.layer, "kernel", None)
        if kernel is None:
            raise ValueError(
                "`layer` must have a `kernel`. "
                f"Received: layer={self.layer.name} of type "
                f"{type(self.layer).__name__}"
            )
        self.u = self.add_weight(
            shape=(kernel.shape[-1], 1),
            initializer="random_normal",
            trainable=False,
            aggregation="only_first_replica",  # they compute the same
            dtype="float32",
            autocast=False,
            name="u",
        )

    def call(self, inputs, training=None):
        kernel = self.layer.kernel
        whole = ops.cast(kernel, "float32")
        matrix = ops.reshape(whole, (-1, kernel.shape[-1]))
        fixed = ops.stop_gradient(matrix)
        u = ops.convert_to_tensor(self.u)
        for _ in range(self.iterations if training else 1):
            v = _normalized(ops.matmul(fixed, u))
            better = _normalized(ops.matmul(ops.transpose(fixed), v))
            u = better if training else _normalized(u)
        if training:
            self.u.assign(u)
        sigma = ops.sum(v * ops.matmul(matrix, u))
        # Inside of the scope the layer reads this kernel for its own.
        values = [(w, w.value) for w in self.layer.variables if w is not kernel]
        with keras.StatelessScope([*values, (kernel, whole / sigma)]):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        config = {**super().get_config(), "iterations": self.iterations}
        # The shape that the layer was built for is no argument.
        config["layer"].pop("build_config", None)
        return config


def _normalized(vector):
    return vector / ops.sqrt(ops.maximum(ops.sum(ops.square(vector)), 1e-24))
