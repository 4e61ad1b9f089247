import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class PatchEmbed(keras.layers.Layer):
    """Cuts pictures into squares and projects each to a token.

    `token[i] = flatten(patch[i]) @ W + b`, patches row by row

    Args:
        units: int. Features of a token.
        patch_size: int. Side of a square, in pixels; it divides height and
            width.
        flatten: bool. Whether tokens form a sequence, or stay where they are.
            Defaults to True.
        kernel_initializer: initializer. Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape
        `(batch, height * width / patch_size**2, units)`; not flattened,
        `(batch, height / patch_size, width / patch_size, units)`.

    Raises:
        ValueError: if `patch_size` does not divide the size of the pictures.

    Example:

    >>> tuple(PatchEmbed(16, patch_size=4)(ops.ones((1, 8, 12, 3))).shape)
    (1, 6, 16)

    Reference:
        [Dosovitskiy et al., 2021](https://arxiv.org/abs/2010.11929)
    """

    def __init__(
        self,
        units,
        patch_size,
        flatten=True,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.patch_size = patch_size
        self.flatten = flatten
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.input_spec = keras.InputSpec(ndim=4)
        self.projection = keras.layers.Conv2D(
            units,
            patch_size,
            strides=patch_size,
            data_format="channels_last",
            kernel_initializer=self.kernel_initializer,
            dtype=self.dtype_policy,
            name="projection",
        )

    def build(self, input_shape):
        if any(s is not None and s % self.patch_size for s in input_shape[1:3]):
            raise ValueError(
                "`patch_size` must divide height and width. Received: "
                f"patch_size={self.patch_size}, input_shape={input_shape}"
            )
        self.projection.build(input_shape)

    def call(self, inputs):
        tokens = self.projection(inputs)
        if not self.flatten:
            return tokens
        _, height, width, _ = ops.shape(tokens)
        return ops.reshape(tokens, (-1, height * width, self.units))

    def compute_output_shape(self, input_shape):
        batch, height, width, units = self.projection.compute_output_shape(
            input_shape
        )
        if not self.flatten:
            return batch, height, width, units
        known = None not in (height, width)
        return batch, height * width if known else None, units

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "patch_size": self.patch_size,
            "flatten": self.flatten,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
