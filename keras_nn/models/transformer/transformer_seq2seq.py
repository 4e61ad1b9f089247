import keras

from keras_nn.layers.transformer.causal_transformer_block import (
    normalization_layer,
)
from keras_nn.layers.transformer.encoder_decoder_block import (
    EncoderDecoderBlock,
)
from keras_nn.layers.transformer.learned_positions import LearnedPositions
from keras_nn.layers.transformer.sinusoidal_positions import SinusoidalPositions
from keras_nn.models.transformer.causal_decoder import check_sizes
from keras_nn.models.transformer.encoder_decoder import EncoderDecoder
from keras_nn.models.transformer.encoder_decoder import TokenStack

POSITIONS = ("sinusoidal", "learned")


@keras.saving.register_keras_serializable(package="keras_nn")
class TransformerSeq2Seq(EncoderDecoder):
    """The Transformer: an encoder reads a text, a decoder writes another.

    `context = encoder(sqrt(width) E[source] + P)`;
    `logits = decoder(sqrt(width) E[target] + P, context) @ E^T`

    One table `E` embeds sources and targets and is the head, as in the paper;
    `target_vocabulary_size` gives the target a table of its own, which is
    the head then.

    Args:
        vocabulary_size: int. Number of tokens. Of sources, if the target
            has a vocabulary of its own.
        target_vocabulary_size: int or None. See above.
        context_length: int. Most tokens of a text that is written, and of
            either with learnt positions. Defaults to 512.
        num_layers: int. Blocks of the encoder. Defaults to 6.
        num_decoder_layers: int or None. Defaults to `num_layers`.
        num_heads: int. It divides `width`. Defaults to 8.
        width: int. Features of a token, an even number. Defaults to 512.
        hidden_dim: int or None. Width inside of the feed-forward parts.
            Defaults to `4 * width`.
        dropout: float. Share dropped in training: of embedded features, and
            at the end of each branch. Defaults to 0.1.
        attention_dropout: float. Share of attention weights dropped.
            Defaults to 0.
        norm_first: bool. Whether blocks normalise before each branch (and
            stacks at their end) instead of behind it. Defaults to False.
        positions: str. `"sinusoidal"` or `"learned"`. Defaults to
            `"sinusoidal"`.
        activation: str. See `TransformerFeedForward`. Defaults to `"relu"`.
        tie_weights: bool. Whether the table of the target is the head.
            Defaults to True.
        padding_id: int. The token that stands for nothing. Defaults to 0.
        start_id: int. The token before a target. Defaults to 2.
        end_id: int. The token behind a text. Defaults to 3.
        epsilon: float, added to variances. Defaults to 1e-5.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: dict of int tensors `source` and `target`, each of shape
            `(batch, length)`; see `EncoderDecoder`.

    Returns:
        Logits of shape `(batch, target length, vocabulary size of the
        target)`.

    Raises:
        ValueError: on a size below one, heads that do not divide `width`, or
            unknown positions.

    Example:

    >>> import numpy as np
    >>> model = TransformerSeq2Seq(
    ...     20, num_layers=1, num_heads=2, width=8, hidden_dim=16
    ... )
    >>> ids = np.ones((2, 5), "int32")
    >>> model.predict({"source": ids, "target": ids[:, :3]}, verbose=0).shape
    (2, 3, 20)

    Reference:
        [Vaswani et al., 2017](https://arxiv.org/abs/1706.03762)
    """

    presets = {
        "transformer-base": {},
        "transformer-big": {"num_heads": 16, "width": 1024, "dropout": 0.3},
        "transformer-tiny": {
            "num_layers": 4,
            "num_heads": 4,
            "width": 128,
            "hidden_dim": 256,
            "dropout": 0.3,
        },
    }

    def __init__(
        self,
        vocabulary_size=37000,
        target_vocabulary_size=None,
        context_length=512,
        num_layers=6,
        num_decoder_layers=None,
        num_heads=8,
        width=512,
        hidden_dim=None,
        dropout=0.1,
        attention_dropout=0.0,
        norm_first=False,
        positions="sinusoidal",
        activation="relu",
        tie_weights=True,
        padding_id=0,
        start_id=2,
        end_id=3,
        epsilon=1e-5,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        check_sizes(
            vocabulary_size=vocabulary_size,
            target_vocabulary_size=target_vocabulary_size,
            context_length=context_length,
            num_layers=num_layers,
            num_decoder_layers=num_decoder_layers,
            num_heads=num_heads,
            width=width,
            hidden_dim=hidden_dim,
        )
        if positions not in POSITIONS:
            raise ValueError(
                f"`positions` must be one of {POSITIONS}. "
                f"Received: {positions=}"
            )

        def table(size, name):
            return keras.layers.ReversibleEmbedding(
                size,
                width,
                embeddings_initializer=keras.initializers.RandomNormal(
                    stddev=width**-0.5
                ),
                dtype=dtype,
                name=name,
            )

        def stack(name, embedding, depth, head=None, **which):
            blocks = [
                EncoderDecoderBlock(
                    num_heads,
                    hidden_dim or 4 * width,
                    norm_first=norm_first,
                    activation=activation,
                    dropout=dropout,
                    attention_dropout=attention_dropout,
                    epsilon=epsilon,
                    dtype=dtype,
                    name=f"{name}_block_{index}",
                    **which,
                )
                for index in range(depth)
            ]
            place = (
                SinusoidalPositions(dtype=dtype, name=f"{name}_positions")
                if positions == "sinusoidal"
                else LearnedPositions(
                    context_length, dtype=dtype, name=f"{name}_positions"
                )
            )
            norm = None
            if norm_first:
                norm = normalization_layer(
                    "layer", epsilon, True, dtype, f"{name}_norm"
                )
            drop = keras.layers.Dropout(
                dropout, dtype=dtype, name=f"{name}_dropout"
            )
            return TokenStack(
                embedding,
                blocks,
                norm,
                place,
                scale=width**0.5,
                drop=drop,
                head=head,
            )

        source = target = table(vocabulary_size, "token_embedding")
        size = target_vocabulary_size or vocabulary_size
        if target_vocabulary_size is not None:
            target = table(size, "target_embedding")
        if tie_weights:

            def head(x):
                return target(x, reverse=True)

        else:
            head = keras.layers.Dense(
                size, use_bias=False, dtype=dtype, name="head"
            )
        super().__init__(
            stack("encoder", source, num_layers),
            stack(
                "decoder",
                target,
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
        self.target_vocabulary_size = target_vocabulary_size
        self.context_length = context_length
        self.num_layers = num_layers
        self.num_decoder_layers = num_decoder_layers
        self.num_heads = num_heads
        self.width = width
        self.hidden_dim = hidden_dim
        self.dropout = dropout
        self.attention_dropout = attention_dropout
        self.norm_first = norm_first
        self.positions = positions
        self.activation = activation
        self.tie_weights = tie_weights
        self.start_id = start_id
        self.end_id = end_id
        self.epsilon = epsilon
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "target_vocabulary_size": self.target_vocabulary_size,
            "context_length": self.context_length,
            "num_layers": self.num_layers,
            "num_decoder_layers": self.num_decoder_layers,
            "num_heads": self.num_heads,
            "width": self.width,
            "hidden_dim": self.hidden_dim,
            "dropout": self.dropout,
            "attention_dropout": self.attention_dropout,
            "norm_first": self.norm_first,
            "positions": self.positions,
            "activation": self.activation,
            "tie_weights": self.tie_weights,
            "padding_id": self.padding_id,
            "start_id": self.start_id,
            "end_id": self.end_id,
            "epsilon": self.epsilon,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
