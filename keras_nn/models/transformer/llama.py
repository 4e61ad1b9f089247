import keras

from keras_nn.layers.transformer.causal_transformer_block import (
    CausalTransformerBlock,
)
from keras_nn.layers.transformer.causal_transformer_block import (
    normalization_layer,
)
from keras_nn.models.transformer.causal_decoder import CausalDecoder
from keras_nn.models.transformer.causal_decoder import check_sizes


@keras.saving.register_keras_serializable(package="keras_nn")
class Llama(CausalDecoder):
    """Llama: turned positions, shared heads, gates, root mean squares.

    `x = E[ids]`; `x <- block(x)` for every block; `logits = rms(x) @ W`

    Args:
        vocabulary_size: int. Number of tokens. Defaults to 32000.
        context_length: int. Most tokens of a text, for generation; nothing
            in the network depends on it. Defaults to 2048.
        num_layers: int. Number of blocks. Defaults to 22.
        num_heads: int. It divides `width`. Defaults to 32.
        num_key_value_heads: int or None. It divides `num_heads`. Defaults to
            4; None means `num_heads`.
        width: int. Features of a token. Defaults to 2048.
        hidden_dim: int. Width inside of the gated part. Defaults to 5632.
        window: int or None. A token sees so many, itself included. Defaults
            to None, all.
        rotary_base: float. Defaults to 10000.
        tie_weights: bool. Whether the head is the embedding. Defaults to
            False.
        dropout: float. Share dropped in training. Defaults to 0.
        epsilon: float, added to mean squares. Defaults to 1e-5.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`: token ids.

    Returns:
        Logits of shape `(batch, length, vocabulary_size)`; entry `i` is
        about token `i + 1`.

    Raises:
        ValueError: on a size below one, or heads that do not divide.

    Example:

    >>> import numpy as np
    >>> model = Llama(
    ...     vocabulary_size=65,
    ...     num_layers=1,
    ...     num_heads=2,
    ...     num_key_value_heads=1,
    ...     width=8,
    ...     hidden_dim=16,
    ... )
    >>> model.predict(np.zeros((1, 5), "int32"), verbose=0).shape
    (1, 5, 65)

    Reference:
        [Touvron et al., 2023](https://arxiv.org/abs/2302.13971); the default
        sizes are those of [TinyLlama](https://arxiv.org/abs/2401.02385)
    """

    def __init__(
        self,
        vocabulary_size=32000,
        context_length=2048,
        num_layers=22,
        num_heads=32,
        num_key_value_heads=4,
        width=2048,
        hidden_dim=5632,
        window=None,
        rotary_base=10_000.0,
        tie_weights=False,
        dropout=0.0,
        epsilon=1e-5,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        check_sizes(
            vocabulary_size=vocabulary_size,
            context_length=context_length,
            num_layers=num_layers,
            num_heads=num_heads,
            width=width,
            hidden_dim=hidden_dim,
        )

        def normal():
            return keras.initializers.RandomNormal(stddev=0.02)

        head = None
        if not tie_weights:
            head = keras.layers.Dense(
                vocabulary_size,
                use_bias=False,
                kernel_initializer=normal(),
                dtype=dtype,
                name="head",
            )
        blocks = [
            CausalTransformerBlock(
                num_heads,
                hidden_dim,
                num_key_value_heads,
                position="rotary",
                window=window,
                normalization="rms",
                activation="silu",
                gated=True,
                use_bias=False,
                dropout=dropout,
                rotary_base=rotary_base,
                epsilon=epsilon,
                kernel_initializer=normal(),
                dtype=dtype,
                name=f"block_{index}",
            )
            for index in range(num_layers)
        ]
        super().__init__(
            keras.layers.ReversibleEmbedding(
                vocabulary_size,
                width,
                embeddings_initializer=normal(),
                dtype=dtype,
                name="token_embedding",
            ),
            blocks,
            normalization_layer("rms", epsilon, False, dtype, "norm"),
            head=head,
            dropout=dropout,
            dtype=dtype,
            **kwargs,
        )
        self.vocabulary_size = vocabulary_size
        self.context_length = context_length
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.num_key_value_heads = num_key_value_heads
        self.width = width
        self.hidden_dim = hidden_dim
        self.window = window
        self.rotary_base = rotary_base
        self.tie_weights = tie_weights
        self.dropout = dropout
        self.epsilon = epsilon
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "context_length": self.context_length,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "num_key_value_heads": self.num_key_value_heads,
            "width": self.width,
            "hidden_dim": self.hidden_dim,
            "window": self.window,
            "rotary_base": self.rotary_base,
            "tie_weights": self.tie_weights,
            "dropout": self.dropout,
            "epsilon": self.epsilon,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
