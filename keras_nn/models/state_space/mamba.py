import keras

from keras_nn.layers.state_space.mamba_block import MambaBlock
from keras_nn.models.rnn.recurrent_decoder import RecurrentDecoder
from keras_nn.models.transformer.causal_decoder import check_sizes


@keras.saving.register_keras_serializable(package="keras_nn")
class Mamba(RecurrentDecoder):
    """A language model of selective state spaces, without attention.

    `x = E[ids]`; `x <- block(x)` for every block; `logits = rms(x) @ E^T`

    It reads a text in a time that grows linearly with its length, and writes
    each token in the same time, from a state of a fixed size.

    Args:
        vocabulary_size: int. Number of tokens. Defaults to 50280.
        context_length: int. Most tokens of a text, for training and
            generation; nothing in the network depends on it. Defaults to
            2048.
        num_layers: int. Number of blocks. Defaults to 24.
        width: int. Features of a token. Defaults to 768.
        num_states: int. See `MambaBlock`. Defaults to 16.
        kernel_size: int. See there. Defaults to 4.
        expansion: int. See there. Defaults to 2.
        rank: int or None. See there. Defaults to None.
        tie_weights: bool. Whether the head is the embedding. Defaults to
            True.
        dropout: float. Share of features in front of each block dropped in
            training. Defaults to 0.
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
        ValueError: on a size below one.

    Example:

    >>> import numpy as np
    >>> model = Mamba(vocabulary_size=9, num_layers=1, width=8, num_states=2)
    >>> model.predict(np.zeros((1, 5), "int32"), verbose=0).shape
    (1, 5, 9)

    Reference:
        [Gu and Dao, 2023](https://arxiv.org/abs/2312.00752)
    """

    presets = {
        "mamba-130m": {},
        "mamba-370m": {"num_layers": 48, "width": 1024},
    }

    def __init__(
        self,
        vocabulary_size=50280,
        context_length=2048,
        num_layers=24,
        width=768,
        num_states=16,
        kernel_size=4,
        expansion=2,
        rank=None,
        tie_weights=True,
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
            width=width,
        )
        head = None
        if not tie_weights:
            head = keras.layers.Dense(
                vocabulary_size, use_bias=False, dtype=dtype, name="head"
            )
        super().__init__(
            keras.layers.ReversibleEmbedding(
                vocabulary_size,
                width,
                embeddings_initializer=keras.initializers.RandomNormal(
                    stddev=0.02
                ),
                dtype=dtype,
                name="token_embedding",
            ),
            [
                MambaBlock(
                    num_states,
                    kernel_size,
                    expansion,
                    rank,
                    epsilon,
                    dtype=dtype,
                    name=f"block_{index}",
                )
                for index in range(num_layers)
            ],
            keras.layers.RMSNormalization(
                epsilon=epsilon, dtype=dtype, name="norm"
            ),
            head,
            dropout,
            dtype=dtype,
            **kwargs,
        )
        self.vocabulary_size = vocabulary_size
        self.context_length = context_length
        self.num_layers = num_layers
        self.width = width
        self.num_states = num_states
        self.kernel_size = kernel_size
        self.expansion = expansion
        self.rank = rank
        self.tie_weights = tie_weights
        self.dropout = dropout
        self.epsilon = epsilon
        if weights is not None:
            self.load_weights(weights)

    def run_block(self, block, inputs, state, there):
        return block(inputs, state=state, there=there)

    def start_block(self, block, batch):
        return block.empty_state(batch)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "context_length": self.context_length,
            "num_layers": self.num_layers,
            "width": self.width,
            "num_states": self.num_states,
            "kernel_size": self.kernel_size,
            "expansion": self.expansion,
            "rank": self.rank,
            "tie_weights": self.tie_weights,
            "dropout": self.dropout,
            "epsilon": self.epsilon,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
