import keras

from keras_nn.layers import MaxOverTime
from keras_nn.models.backbone import Backbone

CELLS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


@keras.saving.register_keras_serializable(package="keras_nn")
class RecurrentTagger(Backbone):
    """Reads words, and their letters, in both directions.

    `w_t = [E[word_t], max_c relu(conv(C[letters_t]))]`;
    `y = [forwards(drop(w)), backwards(drop(w))]`

    With a chain of tags behind it (`layers.CRF`) this is BiLSTM-CNN-CRF. Id 0
    is padding, of words and of letters.

    Args:
        vocabulary_size: int. Number of words.
        num_characters: int or None. Number of different letters; None reads
            words alone. Defaults to None.
        width: int. Features of a word. Defaults to 100.
        character_width: int. Features of a letter. Defaults to 30.
        filters: int. Filters over letters. Defaults to 30.
        units: int. Of each direction. Defaults to 100.
        cell: `"lstm"` or `"gru"`. Defaults to `"lstm"`.
        num_layers: int. Defaults to 1.
        dropout: float. Share of features dropped in training, in front of
            each layer. Defaults to 0.5.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`, the words; with
            letters a dict of `"words"`, such, and `"characters"`, of shape
            `(batch, length, letters)`.

    Returns:
        A float tensor of shape `(batch, length, 2 * units)`.

    Raises:
        ValueError: on a size below one, or an unknown cell.

    Example:

    >>> import numpy as np
    >>> model = RecurrentTagger(50, num_characters=9, units=8)
    >>> inputs = {
    ...     "words": np.ones((2, 5), "int32"),
    ...     "characters": np.ones((2, 5, 7), "int32"),
    ... }
    >>> model.predict(inputs, verbose=0).shape
    (2, 5, 16)

    Reference:
        [Ma and Hovy, 2016](https://arxiv.org/abs/1603.01354)
    """

    def __init__(
        self,
        vocabulary_size,
        num_characters=None,
        width=100,
        character_width=30,
        filters=30,
        units=100,
        cell="lstm",
        num_layers=1,
        dropout=0.5,
        weights=None,
        dtype=None,
        **kwargs,
    ):
        sizes = {
            "vocabulary_size": vocabulary_size,
            "num_characters": num_characters,
            "width": width,
            "units": units,
            "num_layers": num_layers,
        }
        for name, size in sizes.items():
            if size is not None and size < 1:
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={size}"
                )
        if cell not in CELLS:
            raise ValueError(
                f"`cell` must be one of {sorted(CELLS)}. Received: {cell=}"
            )
        inputs = words = keras.Input((None,), dtype="int32", name="words")
        x = keras.layers.Embedding(
            vocabulary_size,
            width,
            mask_zero=True,
            dtype=dtype,
            name="token_embedding",
        )(words)
        if num_characters is not None:
            letters = keras.Input(
                (None, None), dtype="int32", name="characters"
            )
            inputs = {"words": words, "characters": letters}
            y = keras.layers.Embedding(
                num_characters,
                character_width,
                mask_zero=True,
                dtype=dtype,
                name="character_embedding",
            )(letters)
            y = MaxOverTime(filters, 3, dtype=dtype, name="letters")(y)
            x = keras.layers.Concatenate(dtype=dtype, name="features")([x, y])
        for index in range(num_layers):
            if dropout:
                x = keras.layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
            layer = CELLS[cell](
                units, return_sequences=True, dtype=dtype, name="forwards"
            )
            x = keras.layers.Bidirectional(
                layer, dtype=dtype, name=f"directions_{index}"
            )(x)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.vocabulary_size = vocabulary_size
        self.num_characters = num_characters
        self.width = width
        self.character_width = character_width
        self.filters = filters
        self.units = units
        self.cell = cell
        self.num_layers = num_layers
        self.dropout = dropout
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "num_characters": self.num_characters,
            "width": self.width,
            "character_width": self.character_width,
            "filters": self.filters,
            "units": self.units,
            "cell": self.cell,
            "num_layers": self.num_layers,
            "dropout": self.dropout,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
        }
