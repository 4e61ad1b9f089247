"""What the applications that read texts share."""

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications.application import Application

MULTIPLE = 8  # of tokens, so that few lengths are traced


class TextApplication(Application):
    """An application whose one input are the ids of texts. Abstract.

    A subclass is a functional model of one input; it stores `tokenizer` and
    `max_length`, and its config holds `backbone` and `tokenizer`. `fit`,
    `evaluate` and `predict` take texts (a list of str, a `data.Split` or
    `data.Splits` whose inputs are str) as well as ids.
    """

    tokenizer = None
    max_length = None
    class_names = None

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("backbone", "tokenizer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)

    def encoded(self, texts):
        """The ids of texts, cut and filled up to one length.

        A text without a token is one unknown token.

        Args:
            texts: list of str.

        Returns:
            An int32 array `(texts, length)`.
        """
        nothing = [self.tokenizer.unknown_id]
        return data.pad(
            [self.tokenizer.encode(text) or nothing for text in texts],
            self.max_length,
            self.tokenizer.padding_id,
            MULTIPLE,
        )

    def prepared(self, x, y=None):
        """`x` and `y` as the network takes them, if `x` is texts.

        Args:
            x: what `fit` accepts.
            y: likewise; names of classes become their numbers.

        Returns:
            `(x, y)`.
        """
        if isinstance(x, data.Split) and is_texts(x.x):
            return data.Split(self.encoded(x.x), np.asarray(x.y)), y
        if not isinstance(x, data.Split) and is_texts(x):
            x = self.encoded(list(x))
        return x, self._numbers(y)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be texts, or `data.Splits` of them."""
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        if isinstance(validation_data, data.Split):
            validation_data, _ = self.prepared(validation_data)
        elif isinstance(validation_data, tuple):
            pair = self.prepared(*validation_data[:2])
            validation_data = (*pair, *validation_data[2:])
        return super().fit(
            *self.prepared(x, y),
            batch_size,
            *args,
            validation_data=validation_data,
            **kwargs,
        )

    def evaluate(self, x=None, y=None, *args, **kwargs):
        """As Keras's; `x` may be texts."""
        return super().evaluate(*self.prepared(x, y), *args, **kwargs)

    def predict(self, x, *args, **kwargs):
        """As Keras's; `x` may be texts."""
        return super().predict(self.prepared(x)[0], *args, **kwargs)

    def input_signature(self):
        return [keras.InputSpec(shape=(None, None), dtype="int32", name="ids")]

    def example_inputs(self, count):
        generator = np.random.default_rng(0)
        shape = (count, 2 * MULTIPLE)
        size = self.tokenizer.vocabulary_size
        return generator.integers(1, size, shape).astype("int32")

    def _numbers(self, y):
        if y is None or not self.class_names or not is_texts(y):
            return y
        number = {name: i for i, name in enumerate(self.class_names)}
        unknown = sorted(set(y) - set(number))
        if unknown:
            raise ValueError(
                f"The model knows the classes {self.class_names}. "
                f"Received: {unknown[:5]}"
            )
        return np.array([number[name] for name in y])


def is_texts(x):
    """Whether `x` is a list, tuple or array of str.

    >>> is_texts(["yes"]), is_texts("yes"), is_texts([1])
    (True, False, False)
    """
    if isinstance(x, np.ndarray):
        return x.ndim == 1 and x.dtype.kind in "OU" and is_texts(x.tolist())
    if not isinstance(x, (list, tuple)):
        return False
    return bool(x) and all(isinstance(one, str) for one in x)


def check_vocabulary(backbone, tokenizer):
    """Raises unless the network has a vector for every token."""
    size = getattr(backbone, "vocabulary_size", None)
    if size is not None and size != tokenizer.vocabulary_size:
        raise ValueError(
            "`backbone` and `tokenizer` must have as many tokens. Received: "
            f"{size} and {tokenizer.vocabulary_size}"
        )
