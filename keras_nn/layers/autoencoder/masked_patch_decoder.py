import keras
from keras import ops

from keras_nn.layers.transformer.grid_positions import GridPositions
from keras_nn.layers.transformer.vision_transformer_block import (
    VisionTransformerBlock,
)


@keras.saving.register_keras_serializable(package="keras_nn")
class MaskedPatchDecoder(keras.layers.Layer):
    """Says all patches of a picture, of which an encoder saw some.

    `z = [x W + b, mask token ...]`, put where the patches belong, with the
    waves of their places; `z <- block(z)`; `y = norm(z) @ V + c`

    Args:
        outputs: int. Numbers said of each patch.
        grid: pair of ints, rows and columns of patches.
        hidden_dim: int. Features of a token; a multiple of 4. Defaults to
            512.
        num_layers: int. Number of blocks. Defaults to 8.
        num_heads: int. It divides `hidden_dim`. Defaults to 16.
        mlp_ratio: float. Width of the perceptrons in `hidden_dim`. Defaults
            to 4.
        num_prefix_tokens: int. Tokens in front of the patches that the
            encoder adds, such as the class token. Defaults to 1.
        epsilon: float, added to variances. Defaults to 1e-6.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: a list of floats `(batch, prefix + seen, features)`, what the
            encoder says, and ints `(batch, patches)`: of each patch its
            number in the order in which the seen ones come first.
        training: bool.

    Returns:
        A float tensor `(batch, patches, outputs)`.

    Example:

    >>> layer = MaskedPatchDecoder(
    ...     4, (1, 3), hidden_dim=8, num_layers=1, num_heads=2
    ... )
    >>> order = ops.convert_to_tensor([[2, 0, 1]])
    >>> tuple(layer([ops.ones((1, 2, 6)), order]).shape)
    (1, 3, 4)

    Reference:
        [He et al., 2022](https://arxiv.org/abs/2111.06377), section 3
    """

    def __init__(
        self,
        outputs,
        grid,
        hidden_dim=512,
        num_layers=8,
        num_heads=16,
        mlp_ratio=4.0,
        num_prefix_tokens=1,
        epsilon=1e-6,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.outputs = outputs
        self.grid = tuple(grid)
        self.hidden_dim = hidden_dim
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.mlp_ratio = mlp_ratio
        self.num_prefix_tokens = num_prefix_tokens
        self.epsilon = epsilon
        common = {"dtype": self.dtype_policy}
        self.embed = keras.layers.Dense(hidden_dim, name="embed", **common)
        self.positions = GridPositions(*self.grid, name="positions", **common)
        self.blocks = [
            VisionTransformerBlock(
                num_heads,
                int(hidden_dim * mlp_ratio),
                epsilon=epsilon,
                name=f"layer_{index}",
                **common,
            )
            for index in range(num_layers)
        ]
        self.norm = keras.layers.LayerNormalization(
            epsilon=epsilon, name="norm", **common
        )
        self.says = keras.layers.Dense(outputs, name="says", **common)

    def build(self, input_shape):
        tokens, _ = input_shape
        patches = self.grid[0] * self.grid[1]
        shape = (tokens[0], self.num_prefix_tokens + patches, self.hidden_dim)
        self.mask_token = self.add_weight(
            name="mask_token",
            shape=(1, 1, self.hidden_dim),
            initializer=keras.initializers.TruncatedNormal(stddev=0.02),
        )
        self.embed.build(tokens)
        self.positions.build((tokens[0], patches, self.hidden_dim))
        for layer in (*self.blocks, self.norm, self.says):
            layer.build(shape)

    def call(self, inputs, training=None):
        tokens, places = inputs
        x = self.embed(tokens)
        prefix = x[:, : self.num_prefix_tokens]
        seen = x[:, self.num_prefix_tokens :]
        unseen = self.grid[0] * self.grid[1] - seen.shape[1]
        masked = ops.broadcast_to(
            ops.cast(self.mask_token, x.dtype),
            (ops.shape(x)[0], unseen, self.hidden_dim),
        )
        x = ops.concatenate([seen, masked], axis=1)
        x = ops.take_along_axis(x, places[..., None], axis=1)
        x = ops.concatenate([prefix, self.positions(x)], axis=1)
        for block in self.blocks:
            x = block(x, training=training)
        return self.says(self.norm(x))[:, self.num_prefix_tokens :]

    def compute_output_shape(self, input_shape):
        patches = self.grid[0] * self.grid[1]
        return input_shape[0][0], patches, self.outputs

    def get_config(self):
        return {
            **super().get_config(),
            "outputs": self.outputs,
            "grid": self.grid,
            "hidden_dim": self.hidden_dim,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "mlp_ratio": self.mlp_ratio,
            "num_prefix_tokens": self.num_prefix_tokens,
            "epsilon": self.epsilon,
        }
