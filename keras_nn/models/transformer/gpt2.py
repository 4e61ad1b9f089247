import math

import keras

from keras_nn.layers.transformer.causal_transformer_block import (
    CausalTransformerBlock,
)
from keras_nn.layers.transformer.causal_transformer_block import (
    normalization_layer,
)
from keras_nn.layers.transformer.learned_positions import LearnedPositions
from keras_nn.models.transformer.causal_decoder import CausalDecoder
from keras_nn.models.transformer.causal_decoder import check_sizes


@keras.saving.register_keras_serializable(package="keras_nn")
class GPT2(CausalDecoder):
    """GPT-2: learnt positions, blocks that normalise first, a tied head.

    `x = E[ids] + P`; `x <- block(x)` for every block;
    `logits = norm(x) @ E^T`

    Weights start from a normal distribution of standard deviation 0.02, the
    last projection of each branch from `0.02 / sqrt(2 num_layers)`.

    Args:
        vocabulary_size: int. Number of tokens. Defaults to 50257.
        context_length: int. Most tokens of a text. Defaults to 1024.
        num_layers: int. Number of blocks. Defaults to 12.
        num_heads: int. It divides `width`. Defaults to 12.
        width: int. Features of a token. Defaults to 768.
        hidden_dim: int or None. Width inside of the feed-forward part.
            Defaults to `4 * width`.
        dropout: float. Share dropped in training: of embedded features, of
            attention weights, at the end of each branch. Defaults to 0.1.
        use_bias: bool. Of projections and normalisations. Defaults to True.
        epsilon: float, added to variances. Defaults to 1e-5.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`: token ids, at most
            `context_length` of a text.

    Returns:
        Logits of shape `(batch, length, vocabulary_size)`; entry `i` is
        about token `i + 1`.

    Raises:
        ValueError: on a size below one, or heads that do not divide `width`.

    Example:

    >>> import numpy as np
    >>> model = GPT2.from_preset("nanogpt-cpu", vocabulary_size=65)
    >>> model.predict(np.zeros((1, 5), "int32"), verbose=0).shape
    (1, 5, 65)
    >>> model.count_params()
    804096

    Reference:
        [Radford et al., 2019](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf)
    """

    presets = {
        "gpt2": {},
        "gpt2-medium": {"num_layers": 24, "num_heads": 16, "width": 1024},
        "nanogpt-cpu": {
            "context_length": 64,
            "num_layers": 4,
            "num_heads": 4,
            "width": 128,
            "dropout": 0.0,
            "use_bias": False,
        },
    }

    def __init__(
        self,
        vocabulary_size=50257,
        context_length=1024,
        num_layers=12,
        num_heads=12,
        width=768,
        hidden_dim=None,
        dropout=0.1,
        use_bias=True,
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

        def normal(scale=1.0):
            return keras.initializers.RandomNormal(stddev=0.02 * scale)

        blocks = [
            CausalTransformerBlock(
                num_heads,
                hidden_dim or 4 * width,
                use_bias=use_bias,
                dropout=dropout,
                epsilon=epsilon,
                kernel_initializer=normal(),
                output_initializer=normal(1 / math.sqrt(2 * num_layers)),
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
            normalization_layer("layer", epsilon, use_bias, dtype, "norm"),
            positions=LearnedPositions(
                context_length, normal(), dtype=dtype, name="positions"
            ),
            dropout=dropout,
            dtype=dtype,
            **kwargs,
        )
        self.vocabulary_size = vocabulary_size
        self.context_length = context_length
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.width = width
        self.hidden_dim = hidden_dim
        self.dropout = dropout
        self.use_bias = use_bias
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
            "width": self.width,
            "hidden_dim": self.hidden_dim,
            "dropout": self.dropout,
            "use_bias": self.use_bias,
            "epsilon": self.epsilon,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
