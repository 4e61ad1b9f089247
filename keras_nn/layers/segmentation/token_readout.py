import keras
from keras import ops

READOUTS = ("project", "add", "ignore")


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenReadout(keras.layers.Layer):
    """Patches of a picture as a map, each told what the class token knows.

    `"project"`: `y_p = gelu([t_p, t_class] @ W + b)`; `"add"`:
    `y_p = t_p + t_class`; `"ignore"`: `y_p = t_p`

    Args:
        height: int. Rows of the map.
        width: int. Columns of the map.
        num_prefix_tokens: int. Tokens in front of the patches, of which the
            first is the class token. Defaults to 1.
        readout: `"project"`, `"add"` or `"ignore"`. Defaults to `"project"`.

    Call arguments:
        inputs: float tensor of shape `(batch, num_prefix_tokens + height *
            width, features)`.

    Returns:
        A float tensor of shape `(batch, height, width, features)`.

    Raises:
        ValueError: if there is no class token to read, or `readout` is none
            of the above.

    Example:

    >>> tuple(TokenReadout(2, 3)(ops.ones((1, 7, 8))).shape)
    (1, 2, 3, 8)

    Reference:
        [Ranftl et al., 2021](https://arxiv.org/abs/2103.13413), section 3.
    """

    def __init__(
        self, height, width, num_prefix_tokens=1, readout="project", **kwargs
    ):
        super().__init__(**kwargs)
        if readout not in READOUTS:
            raise ValueError(
                f"`readout` must be one of {READOUTS}. Received: {readout=}"
            )
        if readout != "ignore" and num_prefix_tokens < 1:
            raise ValueError(
                "There is no class token to read: `readout` must be 'ignore'. "
                f"Received: {readout=}, {num_prefix_tokens=}"
            )
        self.height = height
        self.width = width
        self.num_prefix_tokens = num_prefix_tokens
        self.readout = readout
        self.input_spec = keras.InputSpec(ndim=3)

    def build(self, input_shape):
        features = input_shape[-1]
        if self.readout == "project":
            self.project = keras.layers.Dense(
                features,
                activation="gelu",
                dtype=self.dtype_policy,
                name="project",
            )
            self.project.build((*input_shape[:-1], 2 * features))

    def call(self, inputs):
        patches = inputs[:, self.num_prefix_tokens :]
        token = inputs[:, :1]
        if self.readout == "project":
            token = ops.broadcast_to(token, ops.shape(patches))
            patches = ops.concatenate([patches, token], axis=-1)
            patches = self.project(patches)
        elif self.readout == "add":
            patches = patches + token
        shape = (-1, self.height, self.width, inputs.shape[-1])
        return ops.reshape(patches, shape)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.height, self.width, input_shape[-1]

    def get_config(self):
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "num_prefix_tokens": self.num_prefix_tokens,
            "readout": self.readout,
        }
