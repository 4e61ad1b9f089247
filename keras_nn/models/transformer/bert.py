import keras
from keras import ops

from keras_nn.layers import BidirectionalTransformerBlock
from keras_nn.layers import LearnedPositions
from keras_nn.layers import TokenMask
from keras_nn.layers import VocabularyBias
from keras_nn.models.backbone import Backbone
from keras_nn.models.transformer.causal_decoder import check_sizes

HEADS = (None, "pooled", "masked_lm")


@keras.saving.register_keras_serializable(package="keras_nn")
class BERT(Backbone):
    """BERT: a text read in both directions at once, as RoBERTa's too.

    `x = drop(norm(E[ids] + P + S[segments]))`; `x <- block(x)` for every
    block; with the head `"masked_lm"`
    `logits = norm(gelu(x @ W + a)) @ E^T + b`

    RoBERTa has one segment and its own ids; DistilBERT no segments and half
    of the blocks. Weights start from a normal distribution of standard
    deviation 0.02.

    Args:
        vocabulary_size: int. Number of tokens. Defaults to 30522.
        context_length: int. Most tokens of a text. Defaults to 512.
        num_segments: int. Kinds of segment that there are vectors for; 0
            leaves them out. Defaults to 2.
        segments: bool. Whether the inputs tell the segment of each token;
            else all are of the first. Defaults to False.
        num_layers: int. Number of blocks. Defaults to 12.
        num_heads: int. It divides `width`. Defaults to 12.
        width: int. Features of a token. Defaults to 768.
        hidden_dim: int or None. Width inside of the feed-forward part.
            Defaults to `4 * width`.
        activation: str. `"gelu"` or another of `TransformerFeedForward`.
        dropout: float. Share dropped in training: of embedded features, of
            attention weights, at the end of each branch. Defaults to 0.1.
        epsilon: float, added to variances. Defaults to 1e-12.
        padding_id: int. The id of what is not there. Defaults to 0.
        head: None, for features of tokens; `"pooled"`, for those of the first
            token behind `tanh(x @ W + b)`; or `"masked_lm"`, for logits.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`: token ids, padding
            behind them; with `segments` a dict of `"ids"`, such, and
            `"segments"`, of the same shape.

    Returns:
        Features of shape `(batch, length, width)`, or `(batch, width)`, or
        logits of shape `(batch, length, vocabulary_size)`.

    Raises:
        ValueError: on a size below one, heads that do not divide `width`, an
            unknown head, or `segments` without vectors for them.

    Example:

    >>> import numpy as np
    >>> model = BERT.from_preset("bert-tiny", vocabulary_size=100)
    >>> model.predict(np.ones((1, 5), "int32"), verbose=0).shape
    (1, 5, 128)

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805);
        [Liu et al., 2019](https://arxiv.org/abs/1907.11692) (RoBERTa);
        [Sanh et al., 2019](https://arxiv.org/abs/1910.01108) (DistilBERT)
    """

    presets = {
        "bert-tiny": {"num_layers": 2, "num_heads": 2, "width": 128},
        "bert-base": {},
        "bert-large": {"num_layers": 24, "num_heads": 16, "width": 1024},
        "roberta-base": {
            "vocabulary_size": 50265,
            "num_segments": 1,
            "epsilon": 1e-5,
            "padding_id": 1,
        },
        "distilbert-base": {"num_segments": 0, "num_layers": 6},
    }

    def __init__(
        self,
        vocabulary_size=30522,
        context_length=512,
        num_segments=2,
        segments=False,
        num_layers=12,
        num_heads=12,
        width=768,
        hidden_dim=None,
        activation="gelu",
        dropout=0.1,
        epsilon=1e-12,
        padding_id=0,
        head=None,
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
        if head not in HEADS:
            raise ValueError(f"`head` must be one of {HEADS}. Received: {head}")
        if segments and num_segments < 2:
            raise ValueError(
                f"`segments` needs two kinds of them. Received: {num_segments=}"
            )

        def normal():
            return keras.initializers.RandomNormal(stddev=0.02)

        def norm(name):
            return keras.layers.LayerNormalization(
                epsilon=epsilon, dtype=dtype, name=name
            )

        def dense(activation, name):
            return keras.layers.Dense(
                width,
                activation=activation,
                kernel_initializer=normal(),
                dtype=dtype,
                name=name,
            )

        inputs = ids = keras.Input((None,), dtype="int32", name="ids")
        embedding = keras.layers.ReversibleEmbedding(
            vocabulary_size,
            width,
            embeddings_initializer=normal(),
            dtype=dtype,
            name="token_embedding",
        )
        # As a head it is handed the mask, and has none to hand on.
        embedding.supports_masking = True
        x = LearnedPositions(
            context_length, normal(), dtype=dtype, name="positions"
        )(embedding(ids))
        if num_segments:
            kinds = ops.zeros_like(ids)
            if segments:
                kinds = keras.Input((None,), dtype="int32", name="segments")
                inputs = {"ids": ids, "segments": kinds}
            x = x + keras.layers.Embedding(
                num_segments,
                width,
                embeddings_initializer=normal(),
                dtype=dtype,
                name="segment_embedding",
            )(kinds)
        x = norm("embedding_norm")(x)
        if dropout:
            x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(x)
        x = TokenMask(padding_id, dtype=dtype, name="token_mask")([x, ids])
        for index in range(num_layers):
            x = BidirectionalTransformerBlock(
                num_heads,
                hidden_dim or 4 * width,
                activation,
                dropout=dropout,
                epsilon=epsilon,
                kernel_initializer=normal(),
                dtype=dtype,
                name=f"block_{index}",
            )(x)
        if head == "pooled":
            x = dense("tanh", "pooler")(x[:, 0])
        elif head == "masked_lm":
            x = norm("head_norm")(dense("gelu", "head_dense")(x))
            x = embedding(x, reverse=True)
            x = VocabularyBias(dtype=dtype, name="head_bias")(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.vocabulary_size = vocabulary_size
        self.context_length = context_length
        self.num_segments = num_segments
        self.segments = segments
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.width = width
        self.hidden_dim = hidden_dim
        self.activation = activation
        self.dropout = dropout
        self.epsilon = epsilon
        self.padding_id = padding_id
        self.head = head
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "context_length": self.context_length,
            "num_segments": self.num_segments,
            "segments": self.segments,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "width": self.width,
            "hidden_dim": self.hidden_dim,
            "activation": self.activation,
            "dropout": self.dropout,
            "epsilon": self.epsilon,
            "padding_id": self.padding_id,
            "head": self.head,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
