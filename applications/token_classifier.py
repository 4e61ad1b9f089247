import os

import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import optimization
from keras_nn.applications import token_classifier_recipes as recipes
from keras_nn.applications.application import Application
from keras_nn.applications.span_prediction import SpanPrediction
from keras_nn.applications.tagged_words import Words
from keras_nn.applications.tagged_words import check_tags
from keras_nn.applications.tagged_words import in_pieces
from keras_nn.applications.tagged_words import is_words
from keras_nn.applications.tagged_words import padded_tags
from keras_nn.applications.text_application import check_vocabulary
from keras_nn.layers import CRF


@keras.saving.register_keras_serializable(package="keras_nn")
class TokenClassifier(SpanPrediction, Application):
    """Texts to spans: which words are a person, a place, a module.

    `p(tags | words) = chain(W features(words) + b)`, a linear chain of tags;
    without it `softmax(W features(words) + b)` word by word

    `fit`, `evaluate` and `predict` take texts cut into words (a list of lists
    of str with lists of tags, a `data.Split` of them) as well as arrays of
    ids. The classifier itself stays in float32.

    Args:
        backbone: `keras.Model` from ids to features of words, such as
            `models.RecurrentTagger` or `models.BERT`. Its input is one tensor
            of words, or a dict with `"words"` and `"characters"`.
        tokenizer: `data.WordTokenizer`: how strings are cut into words, and
            their ids. Saved with the model.
        class_names: list of str. The tags: `"O"`, or a letter of B, I, E, S
            and a type, as in `"B-person"`.
        character_tokenizer: `data.WordTokenizer` of single characters, or
            None for a network that reads none. Defaults to None.
        crf: bool. Whether tags are a chain. Defaults to True.
        max_length: int. Words that are read at once; longer texts are read
            in pieces. Defaults to 128.
        max_characters: int. Characters of a word that are read. Defaults to
            20.
        dropout: float. Share of features dropped before the classifier.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`, or a dict of `"words"`,
            such, and `"characters"`, of shape `(batch, length, characters)`.

    Returns:
        A chain of shape `(batch, length, tags, tags)`, see `layers.CRF`;
        without `crf` probabilities of shape `(batch, length, tags)`.

    Raises:
        ValueError: on classes that are no tags, or a network that does not
            fit its tokenizers.

    Example:

    >>> texts, tags = [["in", "York"]] * 8, [["O", "B-place"]] * 8
    >>> tokenizer = data.WordTokenizer.of(["in York"])
    >>> words = keras.Input((None,), dtype="int32")
    >>> features = keras.layers.Embedding(4, 8, mask_zero=True)(words)
    >>> network = keras.Model(words, features)
    >>> app = TokenClassifier(network, tokenizer, ["O", "B-place"])
    >>> app.compile(keras.optimizers.Adam(0.1))
    >>> history = app.fit(texts, tags, epochs=8, verbose=0)
    >>> [span["text"] for span in app.predict_spans(["in York"])[0]]
    ['York']
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        class_names,
        character_tokenizer=None,
        crf=True,
        max_length=128,
        max_characters=20,
        dropout=0.0,
        **kwargs,
    ):
        check_tags(class_names)
        check_vocabulary(backbone, tokenizer)
        reads_characters = isinstance(backbone.input, dict)
        if reads_characters != (character_tokenizer is not None):
            raise ValueError(
                "A network that reads characters needs a "
                "`character_tokenizer`, and only such. Received: inputs "
                f"{backbone.input}, {character_tokenizer=}"
            )
        x = backbone.outputs[0]
        if dropout:
            x = keras.layers.Dropout(dropout, name="classifier_dropout")(x)
        x = keras.layers.Dense(
            len(class_names),
            activation=None if crf else "softmax",
            dtype="float32",
            name="classifier",
        )(x)
        if crf:
            x = CRF(dtype="float32", name="chain")(x)
        super().__init__(backbone.input, x, **kwargs)
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.class_names = [str(name) for name in class_names]
        self.character_tokenizer = character_tokenizer
        self.crf = crf
        self.max_length = max_length
        self.max_characters = max_characters
        self.dropout = dropout
        self.words = Words(
            tokenizer, character_tokenizer, max_length, max_characters
        )

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        characters = self.character_tokenizer
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "class_names": self.class_names,
            "character_tokenizer": characters and serialize(characters),
            "crf": self.crf,
            "max_length": self.max_length,
            "max_characters": self.max_characters,
            "dropout": self.dropout,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("backbone", "tokenizer", "character_tokenizer"):
            if config[name] is not None:
                config[name] = keras.saving.deserialize_keras_object(
                    config[name]
                )
        return cls(**config)

    @classmethod
    def default_settings(cls):
        return {**optimization.SETTINGS, **recipes.SETTINGS}

    @classmethod
    def setting_choices(cls):
        return {**optimization.CHOICES, **recipes.CHOICES}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        if recipe.data == "wnut17" and os.path.isfile(
            os.path.join(path, "wnut17train.conll")
        ):
            return data.load(recipe.data, path=path)
        return data.tagged_texts(
            path,
            settings["validation_fraction"],
            settings["test_fraction"],
            seed,
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        texts = [" ".join(words) for words in splits.train.x]
        # What the words are is settled; the pattern cuts strings later.
        tokenizer = data.WordTokenizer.of(
            texts,
            min_count=settings["min_count"],
            pattern=settings["pattern"],
            lowercase=settings["lowercase"],
        )
        characters = data.WordTokenizer.of(texts, pattern=r"\S")
        app = cls(
            recipe.network(
                tokenizer.vocabulary_size, characters.vocabulary_size, settings
            ),
            tokenizer,
            splits.class_names,
            characters,
            crf=settings["crf"],
            max_length=settings["max_length"],
            dropout=settings["dropout"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_loss(self):
        if self.crf:
            return losses.CRFLoss()
        return keras.losses.SparseCategoricalCrossentropy(ignore_class=-1)

    def default_metrics(self):
        background = self.class_names.index("O")
        return [
            metrics.EntityF1(self.class_names),
            metrics.TokenF1(background),
        ]

    def prepared(self, x, y=None):
        """`x` and `y` as the network takes them, if `x` is texts.

        Args:
            x: what `fit` accepts.
            y: likewise; names of tags become their numbers.

        Returns:
            `(x, y)`.
        """
        if isinstance(x, data.Split):
            x, y = x.x, x.y
        if not is_words(x):
            return x, y
        if y is not None:
            x, y = in_pieces(x, y, self.max_length)
            y = padded_tags(y, self.class_names, self.words.length(x))
        return self.words(x), y

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
            validation_data = self.prepared(validation_data)
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
        """As Keras's; `x` may be texts of at most `max_length` words."""
        return super().predict(self.prepared(x)[0], *args, **kwargs)

    def read_test(self, path, settings):
        return recipes.tagged_as(path, self.class_names)

    def input_signature(self):
        words = keras.InputSpec(shape=(None, None), dtype="int32", name="words")
        if self.character_tokenizer is None:
            return [words]
        characters = keras.InputSpec(
            shape=(None, None, None), dtype="int32", name="characters"
        )
        return [{"words": words, "characters": characters}]

    def example_inputs(self, count):
        return self.words([[*"ab", "word", "of"] * 4] * count)

    def example_scores(self, split):
        if self.losses or not self.crf:
            return {}
        x, y = self.prepared(split)
        found = []
        for start in range(0, len(y), 256):
            part = slice(start, start + 256)
            some = keras.tree.map_structure(lambda a, part=part: a[part], x)
            chain = self.predict(some, verbose=0)
            found.append(np.asarray(losses.crf_loss(y[part], chain)))
        return {"loss": np.concatenate(found)}

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.Split):
            return common
        some = validation_data.take(recipes.SHOWN)
        tags = [[self.class_names[tag] for tag in row] for row in some.y]
        texts = [list(words) for words in some.x]
        return [*common, callbacks.TagSamples(log_dir, texts, tags, every)]
