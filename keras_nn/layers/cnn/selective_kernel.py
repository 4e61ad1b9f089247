import keras
from keras import ops

from keras_nn.layers.cnn.conv_norm_act import ConvNormAct


@keras.saving.register_keras_serializable(package="keras_nn")
class SelectiveKernel(keras.layers.Layer):
    """Convolutions of several sizes, of which each channel chooses its mix.

    `u_k = relu(norm(conv_k(x)))`; `a = softmax_k(W_2 relu(norm(W_1
    mean(sum_k u_k))))`; `y = sum_k a_k u_k`

    Args:
        filters: int. Output channels.
        units: int. Width of the hidden layer of the choice.
        kernel_sizes: list of odd ints. Sides of the kernels, in pixels.
            Defaults to (3, 5).
        strides: int. Distance between outputs, in pixels. Defaults to 1.
        groups: int. Parts into which channels are divided, each convolved for
            itself. Defaults to 1.
        dilated: bool. Whether larger kernels are 3x3 ones with holes, of the
            same reach. Defaults to True.
        activation: str or callable. Defaults to `"relu"`.
        epsilon: float, added to variances. Defaults to 1e-5.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.
        training: bool. Whether to normalise with statistics of the batch.

    Returns:
        A float tensor of shape `(batch, height', width', filters)`.

    Raises:
        ValueError: on a size that is even or below 3, on fewer than two
            sizes, or where a kernel with holes would move.

    Example:

    >>> tuple(SelectiveKernel(8, 4)(ops.ones((1, 6, 6, 3))).shape)
    (1, 6, 6, 8)

    Reference:
        [Li et al., 2019](https://arxiv.org/abs/1903.06586)
    """

    def __init__(
        self,
        filters,
        units,
        kernel_sizes=(3, 5),
        strides=1,
        groups=1,
        dilated=True,
        activation="relu",
        epsilon=1e-5,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(filters, units) < 1:
            raise ValueError(
                "`filters` and `units` must be positive. "
                f"Received: {filters=}, {units=}"
            )
        sizes = tuple(kernel_sizes)
        if len(sizes) < 2 or any(s < 3 or s % 2 == 0 for s in sizes):
            raise ValueError(
                "`kernel_sizes` must be two odd numbers or more, from 3 on. "
                f"Received: {kernel_sizes=}"
            )
        if dilated and strides > 1 and max(sizes) > 3:
            raise ValueError(
                "Kernels with holes do not move: set `dilated=False`. "
                f"Received: {strides=}, {kernel_sizes=}"
            )
        self.filters = filters
        self.units = units
        self.kernel_sizes = sizes
        self.strides = strides
        self.groups = groups
        self.dilated = dilated
        self.activation = keras.activations.get(activation)
        self.epsilon = epsilon
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        self.paths = []
        for size in self.kernel_sizes:
            path = ConvNormAct(
                self.filters,
                3 if self.dilated else size,
                strides=self.strides,
                dilation_rate=(size - 1) // 2 if self.dilated else 1,
                groups=self.groups,
                activation=self.activation,
                epsilon=self.epsilon,
                dtype=self.dtype_policy,
                name=f"path_{size}",
            )
            path.build(input_shape)
            self.paths.append(path)
        self.reduce = keras.layers.Dense(
            self.units, use_bias=False, dtype=self.dtype_policy, name="reduce"
        )
        self.norm = keras.layers.BatchNormalization(
            epsilon=self.epsilon, dtype=self.dtype_policy, name="norm"
        )
        self.select = keras.layers.Dense(
            len(self.paths) * self.filters,
            use_bias=False,
            dtype=self.dtype_policy,
            name="select",
        )
        self.reduce.build((None, self.filters))
        self.norm.build((None, self.units))
        self.select.build((None, self.units))

    def call(self, inputs, training=None):
        maps = ops.stack([p(inputs, training=training) for p in self.paths], 1)
        means = ops.mean(ops.sum(maps, axis=1), axis=(1, 2))
        hidden = self.norm(self.reduce(means), training=training)
        scores = self.select(self.activation(hidden))
        scores = ops.reshape(scores, (-1, len(self.paths), self.filters))
        shares = ops.softmax(scores, axis=1)
        return ops.sum(maps * shares[:, :, None, None], axis=1)

    def compute_output_shape(self, input_shape):
        height, width = (
            None if side is None else -(-side // self.strides)
            for side in input_shape[1:3]
        )
        return (input_shape[0], height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "units": self.units,
            "kernel_sizes": self.kernel_sizes,
            "strides": self.strides,
            "groups": self.groups,
            "dilated": self.dilated,
            "activation": keras.activations.serialize(self.activation),
            "epsilon": self.epsilon,
        }
