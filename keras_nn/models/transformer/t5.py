import keras

from keras_nn.layers.transformer.causal_transformer_block import (
    normalization_layer,
)
from keras_nn.layers.transformer.encoder_decoder_block import (
    EncoderDecoderBlock,
)
from keras_nn.layers.transformer.relative_position_bias import (
    RelativePositionBias,
)
from keras_nn.models.transformer.causal_decoder import check_sizes
from keras_nn.models.transformer.encoder_decoder import EncoderDecoder
from keras_nn.models.transformer.encoder_decoder import TokenStack


@keras.saving.register_keras_serializable(package="keras_nn")
class T5(EncoderDecoder):
    """T5: an encoder and a decoder that know positions by distance alone.

    Blocks normalise first, by the root mean square; nothing has a bias; one
    table of distances serves all blocks of a stack. The first T5 has the
    rectifier and the embedding as head, T5 1.1 (and Flan-T5, mT5) a gated
    GELU and a head of its own.

    Scores are divided by `sqrt(key_dim)`, which published weights leave out:
    their query kernels times `sqrt(key_dim)` are those of this class.

    Args:
        vocabulary_size: int. Number of tokens. Defaults to 32128.
        context_length: int. Most tokens of a text that is written. Defaults
            to 512.
        num_layers: int. Blocks of the encoder. Defaults to 6.
        num_decoder_layers: int or None. Defaults to `num_layers`.
        num_heads: int. Defaults to 8.
        key_dim: int. Features of a head. Defaults to 64.
        width: int. Features of a token. Defaults to 512.
        hidden_dim: int. Width inside of the feed-forward parts. Defaults to
            2048.
        activation: str. See `TransformerFeedForward`. Defaults to `"relu"`.
        gated: bool. See there. Defaults to False.
        tie_weights: bool. Whether the embedding is the head. Defaults to
            True.
        num_buckets: int. See `RelativePositionBias`. Defaults to 32.
        max_distance: int. See there. Defaults to 128.
        dropout: float. Share dropped in training. Defaults to 0.1.
        padding_id: int. The token that stands for nothing. Defaults to 0.
        start_id: int. The token before a target. Defaults to 0.
        end_id: int. The token behind a text. Defaults to 1.
        epsilon: float, added to mean squares. Defaults to 1e-6.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of int tensors `source` and `target`, each of shape
            `(batch, length)`; see `EncoderDecoder`.

    Returns:
        Logits of shape `(batch, target length, vocabulary_size)`.

    Raises:
        ValueError: on a size below one.

    Example:

    >>> import numpy as np
    >>> model = T5(
    ...     20, num_layers=1, num_heads=2, key_dim=4, width=8, hidden_dim=16
    ... )
    >>> ids = np.ones((2, 5), "int32")
    >>> model.predict({"source": ids, "target": ids[:, :3]}, verbose=0).shape
    (2, 3, 20)

    Reference:
        [Raffel et al., 2020](https://arxiv.org/abs/1910.10683);
        [Shazeer, 2020](https://arxiv.org/abs/2002.05202) (gated GELU)
    """

    _SMALL_1_1 = {
        "num_layers": 8,
        "num_heads": 6,
        "hidden_dim": 1024,
        "activation": "gelu_tanh",
        "gated": True,
        "tie_weights": False,
    }
    presets = {
        "t5-small": {},
        "t5-base": {
            "num_layers": 12,
            "num_heads": 12,
            "width": 768,
            "hidden_dim": 3072,
        },
        "t5-v1_1-small": _SMALL_1_1,
        "t5-v1_1-base": {
            **_SMALL_1_1,
            "num_layers": 12,
            "num_heads": 12,
            "width": 768,
            "hidden_dim": 2048,
        },
    }

    def __init__(
        self,
        vocabulary_size=32128,
        context_length=512,
        num_layers=6,
        num_decoder_layers=None,
        num_heads=8,
        key_dim=64,
        width=512,
        hidden_dim=2048,
        activation="relu",
        gated=False,
        tie_weights=True,
        num_buckets=32,
        max_distance=128,
        dropout=0.1,
        padding_id=0,
        start_id=0,
        end_id=1,
        epsilon=1e-6,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        check_sizes(
            vocabulary_size=vocabulary_size,
            context_length=context_length,
            num_layers=num_layers,
            num_decoder_layers=num_decoder_layers,
            num_heads=num_heads,
            key_dim=key_dim,
            width=width,
            hidden_dim=hidden_dim,
        )
        table = keras.layers.ReversibleEmbedding(
            vocabulary_size,
            width,
            embeddings_initializer=keras.initializers.RandomNormal(stddev=1.0),
            dtype=dtype,
            name="token_embedding",
        )
        if tie_weights:

            def head(x):
                return table(x * width**-0.5, reverse=True)

        else:
            head = keras.layers.Dense(
                vocabulary_size,
                use_bias=False,
                kernel_initializer="lecun_normal",
                dtype=dtype,
                name="head",
            )

        def stack(name, depth, head=None, **which):
            blocks = [
                EncoderDecoderBlock(
                    num_heads,
                    hidden_dim,
                    norm_first=True,
                    normalization="rms",
                    activation=activation,
                    gated=gated,
                    use_bias=False,
                    dropout=dropout,
                    attention_dropout=dropout,
                    key_dim=key_dim,
                    epsilon=epsilon,
                    kernel_initializer="lecun_normal",
                    dtype=dtype,
                    name=f"{name}_block_{index}",
                    **which,
                )
                for index in range(depth)
            ]
            return TokenStack(
                table,
                blocks,
                normalization_layer(
                    "rms", epsilon, False, dtype, f"{name}_norm"
                ),
                bias=RelativePositionBias(
                    num_heads,
                    not which,
                    num_buckets,
                    max_distance,
                    dtype=dtype,
                    name=f"{name}_bias",
                ),
                drop=keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"{name}_dropout"
                ),
                drops_last=True,
                head=head,
            )

        super().__init__(
            stack("encoder", num_layers),
            stack(
                "decoder",
                num_decoder_layers or num_layers,
                head,
                causal=True,
                cross=True,
            ),
            padding_id=padding_id,
            dtype=dtype,
            **kwargs,
        )
        self.vocabulary_size = vocabulary_size
        self.context_length = context_length
        self.num_layers = num_layers
        self.num_decoder_layers = num_decoder_layers
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.width = width
        self.hidden_dim = hidden_dim
        self.activation = activation
        self.gated = gated
        self.tie_weights = tie_weights
        self.num_buckets = num_buckets
        self.max_distance = max_distance
        self.dropout = dropout
        self.start_id = start_id
        self.end_id = end_id
        self.epsilon = epsilon
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "context_length": self.context_length,
            "num_layers": self.num_layers,
            "num_decoder_layers": self.num_decoder_layers,
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
            "width": self.width,
            "hidden_dim": self.hidden_dim,
            "activation": self.activation,
            "gated": self.gated,
            "tie_weights": self.tie_weights,
            "num_buckets": self.num_buckets,
            "max_distance": self.max_distance,
            "dropout": self.dropout,
            "padding_id": self.padding_id,
            "start_id": self.start_id,
            "end_id": self.end_id,
            "epsilon": self.epsilon,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
