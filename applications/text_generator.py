import os

import keras
import numpy as np
import tensorflow as tf

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import text_generator_recipes as recipes
from keras_nn.applications.application import Application
from keras_nn.applications.text_continuation import TextContinuation
from keras_nn.data.text.text_split import as_text
from keras_nn.data.text.text_split import is_text


@keras.saving.register_keras_serializable(package="keras_nn")
class TextGenerator(TextContinuation, Application):
    """Text that goes on as the texts went that it has learnt from.

    `p(text) = prod_t p(token_t | tokens before t)`

    `fit`, `evaluate` and `predict` take text (a str, a list of str, a
    `data.TextSplit`) as well as arrays and data sets of token ids. Text is
    trained on in crops from random places and measured in consecutive
    windows, each as long as the context of the network.

    Args:
        backbone: `GPT2`, `Llama` or another `CausalDecoder`.
        tokenizer: `data.CharacterTokenizer`, or an object of a registered
            class with `encode`, `decode`, `vocabulary_size`, `get_config`.
            Saved with the model.
        steps_per_epoch: int or None. Batches of an epoch that is made of
            text. Defaults to as many as hold the text once.
        label_smoothing: float. Of the default loss. Defaults to 0.
        seed: int. Of the crops. Defaults to 0.

    Call arguments:
        inputs: int tensor of shape `(batch, length)`.

    Returns:
        Logits of shape `(batch, length, vocabulary_size)`; entry `i` is
        about token `i + 1`.

    Raises:
        ValueError: if network and tokenizer differ in their number of tokens.

    Example:

    >>> from keras_nn.models import GPT2
    >>> text = "to be or not to be " * 20
    >>> tokenizer = data.CharacterTokenizer.of(text)
    >>> size = tokenizer.vocabulary_size
    >>> network = GPT2(size, 16, num_layers=1, num_heads=2, width=8)
    >>> app = TextGenerator(network, tokenizer, steps_per_epoch=2)
    >>> app.compile()
    >>> history = app.fit(text, verbose=0)
    >>> len(app.generate("to be", max_new_tokens=5, jit_compile=False))
    5
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        steps_per_epoch=None,
        label_smoothing=0.0,
        seed=0,
        **kwargs,
    ):
        if backbone.vocabulary_size != tokenizer.vocabulary_size:
            raise ValueError(
                "`backbone` and `tokenizer` must have as many tokens. "
                f"Received: {backbone.vocabulary_size} and "
                f"{tokenizer.vocabulary_size}"
            )
        # The layers of the network become layers of the application, where
        # the engine sees the embedding and guards its ids.
        super().__init__(backbone.inputs[0], backbone.outputs[0], **kwargs)
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.steps_per_epoch = steps_per_epoch
        self.label_smoothing = label_smoothing
        self.seed = seed
        self._generators = {}

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "steps_per_epoch": self.steps_per_epoch,
            "label_smoothing": self.label_smoothing,
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("backbone", "tokenizer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)

    @classmethod
    def default_settings(cls):
        return dict(recipes.SETTINGS)

    @classmethod
    def setting_choices(cls):
        return dict(recipes.CHOICES)

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        official = os.path.join(path, "input.txt")
        if recipe.data == "tinyshakespeare" and os.path.isfile(official):
            return data.load(recipe.data, path=path)
        return data.text_from_path(
            path, settings["validation_fraction"], settings["test_fraction"]
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        # Of all parts: which characters there are tells nothing of a text.
        text = "".join(
            part.text for part in (splits.train, splits.validation, splits.test)
        )
        replaces = settings["unknown"] == "replace"
        tokenizer = data.CharacterTokenizer.of(
            text, recipes.REPLACEMENT if replaces else None
        )
        app = cls(
            recipe.network(tokenizer.vocabulary_size, settings),
            tokenizer,
            settings["steps_per_epoch"] or None,
            settings["label_smoothing"],
            seed=int(np.random.randint(2**31)),  # of the run's seed
        )
        steps = epochs * app.crops(splits.train, batch_size).num_batches
        alone = tf.distribute.get_strategy().num_replicas_in_sync == 1
        app.compile(
            optimizer=recipes.build_optimizer(settings, steps),
            jit_compile=settings["jit_compile"] and alone,
        )
        return app

    def default_optimizer(self):
        return keras.optimizers.AdamW(
            1e-3, weight_decay=0.1, beta_2=0.99, global_clipnorm=1.0
        )

    def default_loss(self):
        return losses.TokenCrossentropy(label_smoothing=self.label_smoothing)

    def default_metrics(self):
        found = [metrics.Perplexity()]
        if isinstance(self.tokenizer, data.CharacterTokenizer):
            found.append(metrics.BitsPerByte(name="bits_per_character"))
        return found

    def compile(self, *args, **kwargs):
        super().compile(*args, **kwargs)
        # Gains and biases do not decay. Keras forgets this in a file, so it
        # belongs to the application.
        inner = getattr(self.optimizer, "inner_optimizer", self.optimizer)
        if getattr(inner, "weight_decay", None) and not inner.built:
            inner.exclude_from_weight_decay(
                [w for w in self.trainable_variables if len(w.shape) < 2]
            )

    def crops(self, text, batch_size):
        """A text as it is trained on: `data.RandomCrops`.

        Args:
            text: str, list of str or `data.TextSplit`.
            batch_size: int.
        """
        return data.RandomCrops(
            self._ids(text),
            self.backbone.context_length,
            batch_size,
            self.steps_per_epoch,
            self.seed,
        )

    def windows(self, text):
        """A text as it is measured: a `data.Split` of consecutive windows."""
        return data.windows(self._ids(text), self.backbone.context_length)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        *args,
        validation_data=None,
        **kwargs,
    ):
        """As Keras's; `x` may be text, or `data.Splits` of text."""
        if isinstance(x, data.Splits):
            if validation_data is None:
                validation_data = x.validation
            x = x.train
        if is_text(x):
            x = self.crops(x, batch_size or 12)
            batch_size = None
        if is_text(validation_data):
            validation_data = self.windows(validation_data)
        return super().fit(
            x, y, batch_size, *args, validation_data=validation_data, **kwargs
        )

    def evaluate(self, x=None, *args, **kwargs):
        """As Keras's; `x` may be text."""
        return super().evaluate(
            self.windows(x) if is_text(x) else x, *args, **kwargs
        )

    def predict(self, x, *args, **kwargs):
        """As Keras's; `x` may be text: the logits of its windows."""
        return super().predict(
            self.windows(x).x if is_text(x) else x, *args, **kwargs
        )

    def read_test(self, path, settings):
        return data.TextSplit([data.read_text(path)])

    def input_signature(self):
        return [keras.InputSpec(shape=(None, None), dtype="int32", name="ids")]

    def example_inputs(self, count):
        generator = np.random.default_rng(0)
        shape = (count, self.backbone.context_length)
        size = self.tokenizer.vocabulary_size
        return generator.integers(0, size, shape).astype("int32")

    def example_scores(self, split):
        if self.label_smoothing or self.losses:
            return {}  # the loss is more than what a window has
        split = self.windows(split) if is_text(split) else split
        there, nats = split.y >= 0, []
        for start in range(0, len(split), 256):
            part = slice(start, start + 256)
            logits = self.predict(split.x[part], verbose=0)
            found = losses.token_crossentropy(split.y[part], logits)
            nats.append(np.sum(found, axis=-1))
        # Windows of a mean over tokens, the last of which may be shorter.
        score = np.concatenate(nats) * len(split) / there.sum()
        return {"loss": score, "bits_per_character": score / np.log(2)}

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not is_text(validation_data):
            return common
        text = as_text(validation_data).text
        starts = np.linspace(0, max(0, len(text) - 32), 3).astype(int)
        prompts = [text[start : start + 32] for start in starts]
        windows = self.windows(validation_data).take(recipes.SHOWN)
        return [
            *common,
            callbacks.TokenSamples(log_dir, prompts, every),
            callbacks.PositionPerplexity(log_dir, windows, every),
        ]

    def _ids(self, text):
        return self.tokenizer.encode(as_text(text).text)
