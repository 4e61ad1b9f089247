import keras

from keras_nn.layers import MaxOverTime
from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone
from keras_nn.models.image_head import classify


@keras.saving.register_keras_serializable(package="keras_nn")
class TextCNN(Backbone):
    """Convolutions of several widths over words, of each the strongest answer.

    `y = concat_k max_t relu(conv_k(E[ids]))`; with the top
    `softmax(dropout(y) @ W + b)`

    Embeddings start from a uniform distribution of -0.25 to 0.25 and are
    learnt: the paper's CNN-rand. Id 0 is padding.

    Args:
        include_top: bool. Whether to end in a classifier. Defaults to True.
        weights: str. Path of a weights file to load, or None. Defaults to
            None.
        vocabulary_size: int. Number of tokens. Defaults to 20000.
        width: int. Features of a word. Defaults to 300.
        filters: int. Filters of each width. Defaults to 100.
        kernel_sizes: list of int. Words that they see. Defaults to
            `(3, 4, 5)`.
        embedding_dropout: float. Share of the features of words dropped in
            training. Defaults to 0.
        dropout: float. Share of answers dropped in training, with the top.
            Defaults to 0.5.
        classes: int. Number of classes. Defaults to 2.
        classifier_activation: str or callable. Defaults to `"softmax"`; None
            gives logits.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`.

    Returns:
        Class scores of shape `(batch, classes)`; without the top, features of
        shape `(batch, filters * len(kernel_sizes))`.

    Raises:
        ValueError: on a size below one.

    Example:

    >>> import numpy as np
    >>> model = TextCNN(vocabulary_size=50, width=8, filters=4)
    >>> model.predict(np.ones((2, 7), "int32"), verbose=0).shape
    (2, 2)

    Reference:
        [Kim, 2014](https://arxiv.org/abs/1408.5882)
    """

    def __init__(
        self,
        include_top=True,
        weights=None,
        vocabulary_size=20000,
        width=300,
        filters=100,
        kernel_sizes=(3, 4, 5),
        embedding_dropout=0.0,
        dropout=0.5,
        classes=2,
        classifier_activation="softmax",
        dtype=None,
        **kwargs,
    ):
        if vocabulary_size < 1 or width < 1 or not kernel_sizes:
            raise ValueError(
                "`vocabulary_size` and `width` must be positive, and there "
                f"must be a kernel size. Received: {vocabulary_size=}, "
                f"{width=}, {kernel_sizes=}"
            )
        ids = keras.Input((None,), dtype="int32", name="ids")
        x = keras.layers.Embedding(
            vocabulary_size,
            width,
            mask_zero=True,
            embeddings_initializer=keras.initializers.RandomUniform(
                -0.25, 0.25
            ),
            dtype=dtype,
            name="token_embedding",
        )(ids)
        if embedding_dropout:
            x = keras.layers.Dropout(
                embedding_dropout, dtype=dtype, name="embedding_dropout"
            )(x)
        answers = [
            MaxOverTime(filters, size, dtype=dtype, name=f"words_{size}")(x)
            for size in kernel_sizes
        ]
        x = answers[0]
        if len(answers) > 1:
            x = keras.layers.Concatenate(dtype=dtype, name="answers")(answers)
        if include_top:
            if dropout:
                x = keras.layers.Dropout(dropout, dtype=dtype, name="dropout")(
                    x
                )
            x = classify(x, classes, classifier_activation, dtype)
        super().__init__(ids, x, dtype=dtype, **kwargs)

        self.include_top = include_top
        self.vocabulary_size = vocabulary_size
        self.width = width
        self.filters = filters
        self.kernel_sizes = list(kernel_sizes)
        self.embedding_dropout = embedding_dropout
        self.dropout = dropout
        self.classes = classes
        self.classifier_activation = classifier_activation
        if weights is not None:
            self.load_weights(weights)

    def get_config(self):
        return {
            **super().get_config(),
            "include_top": self.include_top,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
            "vocabulary_size": self.vocabulary_size,
            "width": self.width,
            "filters": self.filters,
            "kernel_sizes": self.kernel_sizes,
            "embedding_dropout": self.embedding_dropout,
            "dropout": self.dropout,
            "classes": self.classes,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
        }
