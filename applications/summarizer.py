import warnings

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications import summarizer_recipes as recipes
from keras_nn.applications.text_files import unlabelled_texts
from keras_nn.applications.text_to_text import TextToText
from keras_nn.metrics.sequence.summary_scores import rouge


@keras.saving.register_keras_serializable(package="keras_nn")
class Summarizer(TextToText):
    """Documents to summaries in words of its own.

    `p(summary | document) = prod_t p(token_t | tokens before t, document)`

    `fit`, `evaluate` and `predict` take text (`data.TextPairs`, or a pair of
    lists of str) as well as arrays and data sets of token ids. Of a document
    the first `max_length - 1` tokens are read, in training and after.

    Args:
        backbone: `TransformerSeq2Seq` or another `EncoderDecoder`.
        tokenizer: `data.SubwordTokenizer`. Saved with the model.
        max_length: int. Most tokens of a document that are read, the end
            token included. Defaults to 256.
        summary_length: int. Most tokens of a summary, the end token
            included; documents with longer ones are not trained on. At most
            `max_length`. Defaults to 64.
        num_beams: int. How many summaries are followed at once; 1 takes the
            most probable token, always. Defaults to 5.
        length_penalty: float. Scores are divided by the length to this
            power; more means longer summaries. Defaults to 1.
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
        ValueError: if network and tokenizer differ in their tokens, or
            summaries may be longer than documents.

    Example:

    >>> from keras_nn.models import TransformerSeq2Seq
    >>> documents = ["the cat sat on the mat", "a dog lay by the door"] * 8
    >>> pairs = data.TextPairs(documents, ["a cat", "a dog"] * 8)
    >>> tokenizer = data.SubwordTokenizer.train(documents, 50)
    >>> network = TransformerSeq2Seq(
    ...     tokenizer.vocabulary_size, num_layers=1, num_heads=2, width=8
    ... )
    >>> app = Summarizer(network, tokenizer, 32, summary_length=8, num_beams=1)
    >>> app.compile()
    >>> history = app.fit(pairs, verbose=0)
    >>> isinstance(app.summarize("the dog lay on the mat"), str)
    True
    """

    cuts_sources = True

    def __init__(
        self,
        backbone,
        tokenizer,
        max_length=256,
        summary_length=64,
        num_beams=5,
        length_penalty=1.0,
        label_smoothing=0.1,
        dynamic=True,
        seed=0,
        **kwargs,
    ):
        if not 2 <= summary_length <= max_length:
            raise ValueError(
                "`summary_length` must lie between 2 and `max_length`. "
                f"Received: {summary_length=}, {max_length=}"
            )
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
        self.summary_length = summary_length

    @property
    def written_length(self):
        return self.summary_length

    def get_config(self):
        return {**super().get_config(), "summary_length": self.summary_length}

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
            settings["summary_length"],
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

    def batches(self, pairs, batch_size, shuffle=True):
        """Documents and summaries as they are trained on.

        Args:
            pairs: `data.TextPairs`.
            batch_size: int. Documents of average length in a batch.
            shuffle: bool. Defaults to True.

        Returns:
            `data.TokenPairBatches`.
        """
        lengths = map(len, self.tokenizer.encode_batch(pairs.targets))
        fits = np.array([n < self.summary_length for n in lengths])
        if not fits.any():
            raise ValueError(
                f"No summary has less than {self.summary_length} tokens; set "
                f"`summary_length`. Received: {len(pairs)} pairs"
            )
        if left_out := np.sum(~fits):
            warnings.warn(
                f"{left_out} of {len(pairs)} summaries have more than "
                f"{self.summary_length} tokens and are left out",
                stacklevel=2,
            )
        return super().batches(pairs[np.flatnonzero(fits)], batch_size, shuffle)

    def scores(self, pairs, written):
        """ROUGE-1, ROUGE-2 and ROUGE-L of summaries: a dict, each 0 to 1.

        Args:
            pairs: `data.TextPairs`.
            written: list of str, a summary of each source.
        """
        return rouge(written, pairs.targets)

    def summarize(self, texts, num_beams=None, max_new_tokens=None, **kwargs):
        """Summarises documents.

        Args:
            texts: str or list of str, none of them empty.
            num_beams: int or None. Defaults to that of the application.
            max_new_tokens: int or None. Most tokens of a summary. Defaults
                to `summary_length`.
            **kwargs: further arguments of `beams`.

        Returns:
            A str, or a list of str.
        """
        return self.write(texts, num_beams, max_new_tokens, **kwargs)

    def read_test(self, path, settings):
        return data.read_pairs(path, settings["source"], settings["target"])

    def predict_path(self, path, top=1):
        documents = unlabelled_texts(path, text="document")
        found = self.beams(documents, max(top, self.num_beams))
        return [
            {
                "document": document,
                "rank": rank,
                "summary": text,
                "score": score,
            }
            for document, beams in zip(documents, found, strict=True)
            for rank, (text, score) in enumerate(beams[:top], 1)
        ]

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.TextPairs):
            return common
        return [
            *common,
            callbacks.TranslationSamples(
                log_dir, validation_data, every, tag="summary"
            ),
        ]
