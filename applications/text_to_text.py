"""What the applications that read one text and write another share."""

import warnings

import keras
import numpy as np

from keras_nn import data
from keras_nn import losses
from keras_nn import metrics
from keras_nn.applications.application import Application
from keras_nn.applications.sequence_writer import SequenceWriter
from keras_nn.applications.sequence_writer import check_tokens
from keras_nn.applications.text_application import is_texts
from keras_nn.data.text.token_pair_batches import bucket_lengths
from keras_nn.data.text.token_pair_batches import pair_lengths


class TextToText(Application):
    """An application that reads a text and writes another. Abstract.

    A subclass defines `scores(pairs, written)` and, where it wants other
    ones, `cuts_sources` and `written_length`.

    Args:
        backbone: `EncoderDecoder`.
        tokenizer: `data.SubwordTokenizer`.
        max_length: int. Most tokens of either side.
        num_beams: int.
        length_penalty: float.
        label_smoothing: float.
        dynamic: bool.
        seed: int.
    """

    # Whether sources that are too long are cut; else they are refused, and
    # not trained on.
    cuts_sources = False

    def __init__(
        self,
        backbone,
        tokenizer,
        max_length,
        num_beams,
        length_penalty,
        label_smoothing,
        dynamic,
        seed,
        **kwargs,
    ):
        check_tokens(backbone, tokenizer)
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
        self._writer = SequenceWriter(
            backbone, tokenizer, max_length, self.cuts_sources
        )

    @property
    def written_length(self):
        """int. Most tokens that are written, if nothing else is asked."""
        return self.max_length

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

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-3, beta_2=0.98)

    def default_loss(self):
        return losses.TokenCrossentropy(label_smoothing=self.label_smoothing)

    def default_metrics(self):
        return [metrics.Perplexity()]

    def scores(self, pairs, written):
        """How near texts come to the targets of pairs: a dict.

        Args:
            pairs: `data.TextPairs`.
            written: list of str, one for each source.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `scores`."
        )

    def batches(self, pairs, batch_size, shuffle=True):
        """Pairs as they are trained on: `data.TokenPairBatches`.

        Args:
            pairs: `data.TextPairs`.
            batch_size: int. Pairs of average length in a batch; a batch of
                shorter ones holds more, as many tokens in all.
            shuffle: bool. Defaults to True.
        """
        sources = self.tokenizer.encode_batch(pairs.sources)
        if self.cuts_sources:
            sources = [ids[: self.max_length - 1] for ids in sources]
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

        From text, texts are written, too: the results then also have
        `scores`.
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
        results |= self.scores(x, self.write(x.sources))
        return results if return_dict else list(results.values())

    def predict(self, x, *args, **kwargs):
        """As Keras's; `x` may be text: what is written about it."""
        if isinstance(x, data.TextPairs):
            x = x.sources
        if isinstance(x, str) or is_texts(x):
            return self.write(x)
        return super().predict(x, *args, **kwargs)

    def write(self, texts, num_beams=None, max_new_tokens=None, **kwargs):
        """The best text about each of some texts.

        Args:
            texts: str or list of str, none of them empty.
            num_beams: int or None. Defaults to that of the application.
            max_new_tokens: int or None. Most tokens that are written.
            **kwargs: further arguments of `beams`.

        Returns:
            A str, or a list of str.

        Raises:
            ValueError: on texts that are empty, or too long to be read.
        """
        single = isinstance(texts, str)
        found = self.beams(
            [texts] if single else texts, num_beams, max_new_tokens, **kwargs
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
        """Several texts about each of some texts, with their scores.

        Args:
            texts: list of str, none of them empty.
            num_beams: int or None. Defaults to that of the application.
            max_new_tokens: int or None. Most tokens that are written.
            length_penalty: float or None. Defaults to that of the
                application.
            forbidden: sequence of str. Words, one token each, that are not
                written.
            batch_size: int. How many texts at once. Defaults to 64.
            jit_compile: bool. Whether XLA compiles the loop: for many texts
                of the same length. Defaults to False.

        Returns:
            A list, one entry a text, of lists of pairs, best first: the
            text, and its score, a mean of log-probabilities (None where there
            is one beam).
        """
        return self._writer.beams(
            list(texts),
            self.num_beams if num_beams is None else num_beams,
            self.length_penalty if length_penalty is None else length_penalty,
            max_new_tokens or self.written_length,
            forbidden,
            batch_size,
            jit_compile,
        )

    def input_signature(self):
        names = "source", "target"
        shape = {"shape": (None, None), "dtype": "int32"}
        return [{n: keras.InputSpec(**shape, name=n) for n in names}]

    def example_inputs(self, count):
        generator = np.random.default_rng(0)
        size = self.tokenizer.vocabulary_size
        return {
            name: generator.integers(0, size, (count, length)).astype("int32")
            for name, length in (("source", 7), ("target", 5))
        }


def _as_pairs(x, y):
    """Sources and targets, if they are text, as `data.TextPairs`."""
    if isinstance(x, (list, tuple)) and x and isinstance(x[0], str):
        return data.TextPairs(x, y), None
    return x, y
