import os

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import translator_recipes as recipes
from keras_nn.applications.text_to_text import TextToText
from keras_nn.metrics.sequence import translation_scores


@keras.saving.register_keras_serializable(package="keras_nn")
class Translator(TextToText):
    """Texts that become other texts: sentences of one language of another's.

    `p(target | source) = prod_t p(token_t | tokens before t, source)`

    `fit`, `evaluate` and `predict` take text (`data.TextPairs`, or a pair of
    lists of str) as well as arrays and data sets of token ids. Pairs are
    trained on in batches of about the same length.

    Args:
        backbone: `TransformerSeq2Seq` or another `EncoderDecoder`.
        tokenizer: `data.SubwordTokenizer`, of both languages. Saved with the
            model.
        max_length: int. Most tokens of either side; longer pairs are not
            trained on, longer sources refused. Defaults to 128.
        num_beams: int. How many translations are followed at once; 1 takes
            the most probable token, always. Defaults to 5.
        length_penalty: float. Scores are divided by the length to this
            power; more means longer translations. Defaults to 1.
        label_smoothing: float. Of the default loss. Defaults to 0.1.
        dynamic: bool. Whether a batch is only as long as its longest pair,
            or has one of few shapes, as XLA needs. Defaults to True.
        seed: int. Of the order of pairs. Defaults to 0.

    Call arguments:
        inputs: dict of int tensors `source` and `target`, each of shape
            `(batch, length)`.

    Returns:
        Logits of shape `(batch, target length, vocabulary_size)`.

    Raises:
        ValueError: if network and tokenizer differ in their tokens.

    Example:

    >>> from keras_nn.models import TransformerSeq2Seq
    >>> pairs = data.TextPairs(["one two", "two"] * 8, ["1 2", "2"] * 8)
    >>> tokenizer = data.SubwordTokenizer.train(pairs.sources, 30)
    >>> network = TransformerSeq2Seq(
    ...     tokenizer.vocabulary_size, num_layers=1, num_heads=2, width=8
    ... )
    >>> app = Translator(network, tokenizer, max_length=8, num_beams=1)
    >>> app.compile()
    >>> history = app.fit(pairs, verbose=0)
    >>> isinstance(app.translate("two"), str)
    True
    """

    def __init__(
        self,
        backbone,
        tokenizer,
        max_length=128,
        num_beams=5,
        length_penalty=1.0,
        label_smoothing=0.1,
        dynamic=True,
        seed=0,
        **kwargs,
    ):
        super().__init__(
            backbone,
            tokenizer,
            max_length,
            num_beams,
            length_penalty,
            label_smoothing,
            dynamic,
            seed,
            **kwargs,
        )

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
        official = os.path.join(path, "test_2016_flickr.de.gz")
        if recipe.data == "multi30k-en-de" and os.path.isfile(official):
            return data.load(recipe.data, path=path)
        return data.pairs_from_path(
            path,
            settings["validation_fraction"],
            settings["test_fraction"],
            seed,
            settings["source"],
            settings["target"],
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        translation_scores.check_package()  # not after an hour of training
        tokenizer = data.SubwordTokenizer.train(
            splits.train.sources + splits.train.targets,
            settings["vocabulary_size"],
            settings["tokenizer"],
            settings["lowercase"],
        )
        app = cls(
            recipe.network(tokenizer, settings),
            tokenizer,
            settings["max_length"],
            settings["num_beams"],
            settings["length_penalty"],
            settings["label_smoothing"],
            dynamic=not settings["jit_compile"],
            seed=int(np.random.randint(2**31)),  # of the run's seed
        )
        steps = epochs * app.batches(splits.train, batch_size).num_batches
        app.compile(
            optimizer=recipes.build_optimizer(settings, steps),
            jit_compile=settings["jit_compile"],
        )
        return app

    def scores(self, pairs, written):
        """How near translations come to the targets of pairs: a dict.

        `bleu` and `chrf` are sacrebleu's, up to 100; `exact_match` is a share.

        Args:
            pairs: `data.TextPairs`.
            written: list of str, a translation of each source.
        """
        equal = [
            text.strip() == target.strip()
            for text, target in zip(written, pairs.targets, strict=True)
        ]
        return {
            "bleu": translation_scores.bleu(written, pairs.targets),
            "chrf": translation_scores.chrf(written, pairs.targets),
            "exact_match": float(np.mean(equal)),
        }

    def translate(
        self,
        texts,
        num_beams=None,
        max_new_tokens=None,
        length_penalty=None,
        forbidden=(),
        batch_size=64,
        jit_compile=False,
    ):
        """Translates texts.

        Args:
            texts: str or list of str, none of them empty.
            num_beams: int or None. Defaults to that of the application.
            max_new_tokens: int or None. Most tokens of a translation.
                Defaults to `max_length`.
            length_penalty: float or None. Defaults to that of the
                application.
            forbidden: sequence of str. Words, one token each, that are not
                written.
            batch_size: int. How many texts at once. Defaults to 64.
            jit_compile: bool. Whether XLA compiles the loop: for many texts
                of the same length. Defaults to False.

        Returns:
            A str, or a list of str.

        Raises:
            ValueError: on texts that are empty or too long.
        """
        return self.write(
            texts,
            num_beams,
            max_new_tokens,
            length_penalty=length_penalty,
            forbidden=forbidden,
            batch_size=batch_size,
            jit_compile=jit_compile,
        )

    def read_test(self, path, settings):
        return data.read_pairs(path, settings["source"], settings["target"])

    def predict_path(self, path, top=1):
        text = data.read_text(path)
        sources = [line for line in text.split("\n") if line.strip()]
        if not sources:
            raise ValueError(
                f"There must be a line to translate. Received: {path}"
            )
        found = self.beams(sources, max(top, self.num_beams))
        return [
            {
                "source": source,
                "rank": rank,
                "translation": text,
                "score": score,
            }
            for source, beams in zip(sources, found, strict=True)
            for rank, (text, score) in enumerate(beams[:top], 1)
        ]

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.TextPairs):
            return common
        instruments = [
            *common,
            callbacks.TranslationSamples(log_dir, validation_data, every),
        ]
        if self.num_beams > 1:
            some = validation_data.take(recipes.SHOWN).sources
            instruments.append(callbacks.BeamSamples(log_dir, some, every))
        return instruments
