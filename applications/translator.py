import os
import warnings

import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications import translator_recipes as recipes
from keras_nn.applications.application import Application
from keras_nn.data.text.token_pair_batches import bucket_lengths
from keras_nn.data.text.token_pair_batches import pair_lengths
from keras_nn.generation import BeamSearch
from keras_nn.generation import Sampler
from keras_nn.generation import TokenGenerator
from keras_nn.metrics.sequence import translation_scores


@keras.saving.register_keras_serializable(package="keras_nn")
class Translator(Application):
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
        _check_tokens(backbone, tokenizer)
        # The layers of the network become layers of the application, where
        # the engine sees the embedding and guards its ids.
        super().__init__(backbone.input, backbone.output, **kwargs)
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.num_beams = num_beams
        self.length_penalty = length_penalty
        self.label_smoothing = label_smoothing
        self.dynamic = dynamic
        self.seed = seed
        self._writers = {}

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": serialize(self.backbone),
            "tokenizer": serialize(self.tokenizer),
            "max_length": self.max_length,
            "num_beams": self.num_beams,
            "length_penalty": self.length_penalty,
            "label_smoothing": self.label_smoothing,
            "dynamic": self.dynamic,
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

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-3, beta_2=0.98)

    def default_loss(self):
        return losses.TokenCrossentropy(label_smoothing=self.label_smoothing)

    def default_metrics(self):
        return [metrics.Perplexity()]

    def batches(self, pairs, batch_size, shuffle=True):
        """Pairs as they are trained on: `data.TokenPairBatches`.

        Args:
            pairs: `data.TextPairs`.
            batch_size: int. Pairs of average length in a batch; a batch of
                shorter ones holds more, as many tokens in all.
            shuffle: bool. Defaults to True.
        """
        sources = self.tokenizer.encode_batch(pairs.sources)
        targets = self.tokenizer.encode_batch(pairs.targets)
        needed = pair_lengths(sources, targets)
        fitting = needed[needed <= self.max_length]
        if not len(fitting):
            raise ValueError(
                f"No pair has at most {self.max_length} tokens a side; set "
                f"`max_length`. Received: {min(needed)} tokens and more"
            )
        if left_out := len(needed) - len(fitting):
            warnings.warn(
                f"{left_out} of {len(needed)} pairs have more than "
                f"{self.max_length} tokens and are left out",
                stacklevel=2,
            )
        return data.TokenPairBatches(
            sources,
            targets,
            max(int(batch_size * fitting.mean()), int(fitting.max())),
            bucket_lengths(fitting),
            self.tokenizer.padding_id,
            self.tokenizer.start_id,
            self.tokenizer.end_id,
            shuffle,
            self.dynamic,
            self.seed,
        )

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
        x, y = _as_pairs(x, y)
        if isinstance(x, data.TextPairs):
            x, batch_size = self.batches(x, batch_size or 64), None
        if isinstance(validation_data, tuple):
            validation_data, *rest = _as_pairs(*validation_data[:2])
            if not isinstance(validation_data, data.TextPairs):
                validation_data = (validation_data, *rest)
        if isinstance(validation_data, data.TextPairs):
            validation_data = self.batches(
                validation_data, 128, shuffle=False
            ).dataset()
        return super().fit(
            x, y, batch_size, *args, validation_data=validation_data, **kwargs
        )

    def evaluate(self, x=None, y=None, *args, return_dict=False, **kwargs):
        """As Keras's; `x` may be text.

        Text is translated, too: the results then also have `bleu`, `chrf`
        (both of sacrebleu, up to 100) and `exact_match`, a share.
        """
        x, y = _as_pairs(x, y)
        if not isinstance(x, data.TextPairs):
            return super().evaluate(
                x, y, *args, return_dict=return_dict, **kwargs
            )
        results = super().evaluate(
            self.batches(x, 128, shuffle=False).dataset(),
            *args,
            return_dict=True,
            **kwargs,
        )
        results |= self.scores(x, self.translate(x.sources))
        return results if return_dict else list(results.values())

    def scores(self, pairs, written):
        """How near translations come to the targets of pairs: a dict.

        Args:
            pairs: `data.TextPairs`.
            written: list of str, a translation of each source.
        """
        return {
            "bleu": translation_scores.bleu(written, pairs.targets),
            "chrf": translation_scores.chrf(written, pairs.targets),
            "exact_match": float(np.mean(_equal(written, pairs.targets))),
        }

    def predict(self, x, *args, **kwargs):
        """As Keras's; `x` may be text: its translations."""
        if isinstance(x, data.TextPairs):
            x = x.sources
        if isinstance(x, str) or (
            isinstance(x, (list, tuple))
            and bool(x)
            and all(isinstance(one, str) for one in x)
        ):
            return self.translate(x)
        return super().predict(x, *args, **kwargs)

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
        single = isinstance(texts, str)
        found = self.beams(
            [texts] if single else texts,
            self.num_beams if num_beams is None else num_beams,
            max_new_tokens,
            length_penalty,
            forbidden,
            batch_size,
            jit_compile,
        )
        written = [beams[0][0] for beams in found]
        return written[0] if single else written

    def beams(
        self,
        texts,
        num_beams=None,
        max_new_tokens=None,
        length_penalty=None,
        forbidden=(),
        batch_size=64,
        jit_compile=False,
    ):
        """Several translations of each text, with their scores.

        Args: as of `translate`, `texts` a list.

        Returns:
            A list, one entry a text, of lists of pairs, best first: the
            translation, and its score, a mean of log-probabilities (None
            where there is one beam).
        """
        sources = self._sources(texts)
        order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
        write = self._writer(
            self.num_beams if num_beams is None else num_beams,
            self.length_penalty if length_penalty is None else length_penalty,
            self._tokens_of(forbidden),
            jit_compile,
        )
        written = [None] * len(sources)
        for first in range(0, len(order), batch_size):
            part = order[first : first + batch_size]
            found = write(
                sources=[sources[i] for i in part],
                max_new_tokens=max_new_tokens or self.max_length,
            )
            for i, beams in zip(part, found, strict=True):
                ids, scores = zip(*beams, strict=True)
                texts_of = self.tokenizer.decode_batch(ids)
                written[i] = list(zip(texts_of, scores, strict=True))
        return written

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

    def input_signature(self):
        return [
            {
                name: keras.InputSpec(
                    shape=(None, None), dtype="int32", name=name
                )
                for name in ("source", "target")
            }
        ]

    def example_inputs(self, count):
        generator = np.random.default_rng(0)
        size = self.tokenizer.vocabulary_size
        return {
            name: generator.integers(0, size, (count, length)).astype("int32")
            for name, length in (("source", 7), ("target", 5))
        }

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.TextPairs):
            return common
        return [
            *common,
            callbacks.TranslationSamples(log_dir, validation_data, every),
        ]

    def _sources(self, texts):
        sources = self.tokenizer.encode_batch(texts)
        for text, ids in zip(texts, sources, strict=True):
            if not ids or len(ids) >= self.max_length:
                raise ValueError(
                    "A text must have between 1 and "
                    f"{self.max_length - 1} tokens. Received: {len(ids)} "
                    f"tokens, {text[:40]!r}"
                )
        return [[*ids, self.tokenizer.end_id] for ids in sources]

    def _tokens_of(self, words):
        """The tokens of words that are one token each."""
        found = set()
        for word in words:
            forms = [self.tokenizer.encode(f) for f in (word, f" {word}")]
            if min(map(len, forms)) != 1:
                raise ValueError(
                    "`forbidden` must be words of one token each. Received: "
                    f"{word!r}, which is {self.tokenizer.tokens(forms[0])}"
                )
            found.update(ids[0] for ids in forms if len(ids) == 1)
        return tuple(sorted(found))

    def _writer(self, num_beams, length_penalty, forbidden, jit_compile):
        """What writes about sources: the beams of each."""
        key = num_beams, length_penalty, forbidden, jit_compile
        if key in self._writers:
            return self._writers[key]
        tokenizer = self.tokenizer
        never = (tokenizer.padding_id, tokenizer.start_id, *forbidden)
        if num_beams > 1:
            search = BeamSearch(
                self.backbone,
                num_beams,
                length_penalty,
                stop_token=tokenizer.end_id,
                forbidden=never,
                jit_compile=jit_compile,
            ).search
        else:
            generate = TokenGenerator(
                self.backbone,
                Sampler(0.0, forbidden=never),
                tokenizer.end_id,
                jit_compile=jit_compile,
            )

            def search(**asked):
                return [[(ids, None)] for ids in generate(**asked)]

        self._writers[key] = search
        return search


def _as_pairs(x, y):
    """Sources and targets, if they are text, as `data.TextPairs`."""
    if isinstance(x, (list, tuple)) and x and isinstance(x[0], str):
        return data.TextPairs(x, y), None
    return x, y


def _equal(written, targets):
    return np.array(
        [w.strip() == t.strip() for w, t in zip(written, targets, strict=True)],
        "float64",
    )


def _check_tokens(backbone, tokenizer):
    size = getattr(backbone, "target_vocabulary_size", None)
    pairs = [
        ("vocabulary_size", size or backbone.vocabulary_size),
        ("vocabulary_size", backbone.vocabulary_size),
        ("padding_id", backbone.padding_id),
        ("start_id", backbone.start_id),
        ("end_id", backbone.end_id),
    ]
    for name, value in pairs:
        if value != getattr(tokenizer, name):
            raise ValueError(
                f"`backbone` and `tokenizer` must agree in `{name}`. "
                f"Received: {value} and {getattr(tokenizer, name)}"
            )
