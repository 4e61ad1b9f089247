import keras
from keras import ops

from keras_nn.models.rnn.recurrent_decoder import RecurrentDecoder
from keras_nn.models.transformer.causal_decoder import check_sizes

CELLS = {
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "simple": keras.layers.SimpleRNN,
}


@keras.saving.register_keras_serializable(package="keras_nn")
class RNNLanguageModel(RecurrentDecoder):
    """A recurrent network that predicts each token from those before it.

    `x = E[ids]`; `x <- rnn(drop(x))` for every layer; `logits = x @ W + b`,
    or, with `tie_weights`, `logits = x @ E^T`

    Args:
        vocabulary_size: int. Number of tokens.
        context_length: int. Most tokens of a text, for training and
            generation; nothing in the network depends on it. Defaults to
            256.
        num_layers: int. Number of recurrent layers. Defaults to 2.
        width: int. Features of a token. Defaults to 256.
        units: int or None. Features of a state. Defaults to `width`.
        cell: `"lstm"`, `"gru"` or `"simple"`. Defaults to `"lstm"`.
        tie_weights: bool. Whether the embedding is the head; then `units`
            must be `width`. Defaults to False.
        dropout: float. Share of features in front of each layer dropped in
            training. Defaults to 0.
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
        ValueError: on a size below one, an unknown cell, or tied weights of
            unequal sizes.

    Example:

    >>> import numpy as np
    >>> model = RNNLanguageModel(9, width=8)
    >>> model.predict(np.zeros((1, 5), "int32"), verbose=0).shape
    (1, 5, 9)

    Reference:
        [Mikolov et al., 2010](https://www.isca-archive.org/interspeech_2010/mikolov10_interspeech.html);
        [Press and Wolf, 2017](https://arxiv.org/abs/1608.05859) (tied weights)
    """

    def __init__(
        self,
        vocabulary_size,
        context_length=256,
        num_layers=2,
        width=256,
        units=None,
        cell="lstm",
        tie_weights=False,
        dropout=0.0,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        check_sizes(
            vocabulary_size=vocabulary_size,
            context_length=context_length,
            num_layers=num_layers,
            width=width,
            units=units,
        )
        if cell not in CELLS:
            raise ValueError(
                f"`cell` must be one of {sorted(CELLS)}. Received: {cell=}"
            )
        size = units or width
        if tie_weights and size != width:
            raise ValueError(
                "Tied weights need `units` equal to `width`. Received: "
                f"{units=}, {width=}"
            )
        head = None
        if not tie_weights:
            head = keras.layers.Dense(vocabulary_size, dtype=dtype, name="head")
        super().__init__(
            keras.layers.ReversibleEmbedding(
                vocabulary_size, width, dtype=dtype, name="token_embedding"
            ),
            [
                CELLS[cell](
                    size,
                    return_sequences=True,
                    dtype=dtype,
                    name=f"block_{index}",
                )
                for index in range(num_layers)
            ],
            head=head,
            dropout=dropout,
            dtype=dtype,
            **kwargs,
        )
        self.vocabulary_size = vocabulary_size
        self.context_length = context_length
        self.num_layers = num_layers
        self.width = width
        self.units = units
        self.cell = cell
        self.tie_weights = tie_weights
        self.dropout = dropout
        if weights is not None:
            self.load_weights(weights)

    def run_block(self, block, inputs, state, there):
        if inputs.shape[1] == 1:
            return self._one_step(block, inputs, state, there)
        # Not the block itself: the fast path of a GPU refuses texts with
        # padding in front.
        loop = keras.layers.RNN(
            block.cell,
            return_sequences=True,
            return_state=True,
            dtype=block.dtype_policy,
        )
        y, *state = loop(
            inputs, initial_state=state, mask=there, training=False
        )
        return y, state

    def start_block(self, block, batch):
        count = len(keras.tree.flatten(block.cell.state_size))
        size = (batch, self.units or self.width)
        return [ops.zeros(size, block.compute_dtype) for _ in range(count)]

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "context_length": self.context_length,
            "num_layers": self.num_layers,
            "width": self.width,
            "units": self.units,
            "cell": self.cell,
            "tie_weights": self.tie_weights,
            "dropout": self.dropout,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }

    def _one_step(self, block, inputs, state, there):
        y, after = block.cell(inputs[:, 0], state, training=False)
        after = keras.tree.flatten(after)
        if there is not None:  # a token that is not there leaves no trace
            after = [
                ops.where(there, new, old)
                for new, old in zip(after, state, strict=True)
            ]
        return y[:, None], after
