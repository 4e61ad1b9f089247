import keras
from keras import ops


class HeldInput(keras.layers.Layer):
    """Gives every picture of a batch the same side input.

    It stands in for a model's second input where a method knows of one only.

    Args:
        held_shape: tuple of int. Shape of the side input, without the batch.
        held_dtype: str. Its type.

    Call arguments:
        inputs: tensor `(batch, ...)`, of which only `batch` counts.

    Returns:
        A tensor `(batch, *shape)`.
    """

    def __init__(self, held_shape, held_dtype="float32", **kwargs):
        super().__init__(dtype="float32", **kwargs)
        self.held_shape = tuple(held_shape)
        self.held_dtype = held_dtype
        self.value = self.add_weight(
            shape=(1, *self.held_shape),
            dtype=held_dtype,
            initializer="zeros",
            trainable=False,
            autocast=False,
            name="value",
        )

    def call(self, inputs):
        shape = (ops.shape(inputs)[0], *self.held_shape)
        return ops.broadcast_to(self.value.value, shape)

    def compute_output_spec(self, inputs):
        shape = (inputs.shape[0], *self.held_shape)
        return keras.KerasTensor(shape, dtype=self.held_dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "held_shape": self.held_shape,
            "held_dtype": self.held_dtype,
        }
