import keras
import numpy as np
import tensorflow as tf

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import masked_language_model_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.blank_filling import MASK
from keras_nn.applications.blank_filling import BlankFilling
from keras_nn.applications.text_application import TextApplication
from keras_nn.applications.text_application import check_vocabulary
from keras_nn.data.text.text_split import as_text
from keras_nn.data.text.text_split import is_text


@keras.saving.register_keras_serializable(package="keras_nn")
class MaskedLanguageModel(BlankFilling, TextApplication):
    """Words that are hidden, guessed from what is before and behind them.

    `p(token | text around it) = softmax(network(text with [MASK]))`

    `fit` and `evaluate` take text (a str, a list of str, a `data.TextSplit`)
    as well as arrays and data sets of ids. Text is trained on in blocks from
    random places, words hidden anew each time, and measured in consecutive
    windows with hidden words that stay the same.

    Args:
        backbone: `models.BERT` with the head `"masked_lm"`, or another
            network from ids to logits.
        tokenizer: `data.WordTokenizer` or `data.SubwordTokenizer` with the
            special `"[MASK]"`. Saved with the model.
        max_length: int. Tokens of a block, at most the context of the
            network. Defaults to 64.
        rate: float. Share of the words that are hidden. Defaults to 0.15.
        steps_per_epoch: int or None. Batches of an epoch that is made of
            text. Defaults to as many as hold the text once.
        seed: int. Of blocks and hidden words. Defaults to 0.
        whole_words: bool. Whether the pieces of a word are hidden together;
            of no effect where words are tokens. Defaults to True.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`.

    Returns:
        Logits of shape `(batch, length, vocabulary_size)`; entry `i` is about
        token `i`.

    Raises:
        ValueError: if network and tokenizer differ in their number of tokens,
            or there is no token that hides others.

    Example:

    >>> from keras_nn.models import BERT
    >>> text = "to be or not to be " * 20
    >>> specials = ["[PAD]", "[UNK]", "[MASK]"]
    >>> tokenizer = data.WordTokenizer.of([text], specials=specials)
    >>> size = tokenizer.vocabulary_size
    >>> network = BERT(size, 8, 0, False, 1, 2, 8, head="masked_lm")
    >>> app = MaskedLanguageModel(network, tokenizer, max_length=8)
    >>> app.compile()
    >>> history = app.fit(text, verbose=0)
    >>> len(app.fill("to be or [MASK] to be", top=2)[0])
    2
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        max_length=64,
        rate=0.15,
        steps_per_epoch=None,
        seed=0,
        whole_words=True,
        **kwargs,
    ):
        check_vocabulary(backbone, tokenizer)
        # Refuses a tokenizer without the token, too.
        masking = data.TokenMasking(
            tokenizer.id_of(MASK),
            tokenizer.vocabulary_size,
            len(tokenizer.specials),
            rate,
        )
        # The layers of the network become layers of the application, where
        # the engine sees the embedding and guards its ids.
        super().__init__(backbone.inputs[0], backbone.outputs[0], **kwargs)
        self._masking = masking
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.rate = rate
        self.steps_per_epoch = steps_per_epoch
        self.seed = seed
        self.whole_words = whole_words

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "max_length": self.max_length,
            "rate": self.rate,
            "steps_per_epoch": self.steps_per_epoch,
            "seed": self.seed,
            "whole_words": self.whole_words,
        }

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
        return data.text_from_path(
            path, settings["validation_fraction"], settings["test_fraction"]
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        tokenizer = recipes.trained_tokenizer(splits.train.x, settings)
        app = cls(
            recipe.network(tokenizer.vocabulary_size, settings),
            tokenizer,
            max_length=settings["context_length"],
            rate=settings["rate"],
            steps_per_epoch=settings["steps_per_epoch"] or None,
            seed=int(np.random.randint(2**31)),  # of the run's seed
            whole_words=settings["whole_words"],
        )
        steps = epochs * app.crops(splits.train, batch_size).num_batches
        alone = tf.distribute.get_strategy().num_replicas_in_sync == 1
        app.compile(
            optimizer=optimization.build_optimizer(settings, steps),
            jit_compile=settings["jit_compile"] and alone,
        )
        return app

    def default_loss(self):
        return losses.TokenCrossentropy()

    def default_metrics(self):
        return [
            metrics.Perplexity(),
            metrics.TokenF1(background=None, name="accuracy"),
        ]

    def crops(self, text, batch_size):
        """A text as it is trained on: `data.MaskedCrops`.

        Args:
            text: str, list of str or `data.TextSplit`.
            batch_size: int.
        """
        return data.MaskedCrops(
            self._ids(text),
            self.max_length,
            batch_size,
            self._masking,
            self._words(text),
            num_batches=self.steps_per_epoch,
            seed=self.seed,
        )

    def windows(self, text):
        """A text as it is measured: a `data.Split`, always the same."""
        windows = data.windows(self._ids(text), self.max_length)
        words = self._words(text)
        if words is not None:
            words = data.windows(words, self.max_length).x
            # The last window is filled up: with what belongs to its last word.
            words = np.maximum.accumulate(words, axis=1)
        x, y = self._masking(windows.x, (0, 0), words)
        return data.Split(x.numpy(), y.numpy())

    def prepared(self, x, y=None):
        """`x` and `y` as the network takes them, if `x` is text."""
        return (self.windows(x) if is_text(x) else x), y

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """As Keras's; `x` may be text, or `data.Splits` of text."""
        validation = kwargs.pop("validation_data", None)
        if isinstance(x, data.Splits):
            validation = x.validation if validation is None else validation
            x = x.train
        if is_text(x):
            x = self.crops(x, batch_size or 32)
            batch_size = None
        if is_text(validation):
            validation = self.windows(validation)
        return super().fit(
            x, y, batch_size, *args, validation_data=validation, **kwargs
        )

    def read_test(self, path, settings):
        return data.TextSplit([data.read_text(path)])

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not is_text(validation_data):
            return common
        windows = self.windows(validation_data).take(recipes.SHOWN)
        return [
            *common,
            callbacks.MaskSamples(log_dir, windows, every),
            callbacks.VocabularyProjector(log_dir, self.tokenizer),
        ]

    def _ids(self, text):
        return self.tokenizer.encode(as_text(text).text)

    def _words(self, text):
        """The number of each token's word, or None: every token is one."""
        numbers = getattr(self.tokenizer, "word_numbers", None)
        if numbers is None or not self.whole_words:
            return None
        # From 0 on, and rising by one at most.
        numbers = np.array(numbers(as_text(text).text))
        return np.cumsum(np.diff(numbers, prepend=numbers[:1]) != 0)
