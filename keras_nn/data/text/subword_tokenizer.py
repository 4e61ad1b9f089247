import json

import keras

KINDS = ("bpe", "byte-level", "wordpiece", "unigram")
SPECIAL = ("<pad>", "<unk>", "<s>", "</s>")  # ids 0 to 3


@keras.saving.register_keras_serializable(package="keras_nn")
class SubwordTokenizer:
    """Cuts text into pieces of words that it has learnt from your text.

    It stands on Hugging Face's `tokenizers`. The vocabulary and the rules
    are one JSON text, which is part of the config, and so of every saved
    model. Text that reads like a special token, such as `</s>`, is text.

    Args:
        definition: str. The `tokenizer.json` of the `tokenizers` package.
            It knows the tokens `<pad>`, `<unk>`, `<s>` and `</s>`.

    Raises:
        ImportError: without the package `tokenizers`.
        ValueError: if the definition is none, or a special token is missing.

    Example:

    >>> tokenizer = SubwordTokenizer.train(
    ...     ["a man and a woman", "a man in a hat"], vocabulary_size=40
    ... )
    >>> tokenizer.decode(tokenizer.encode("a woman in a hat"))
    'a woman in a hat'

    Reference:
        [Sennrich et al., 2016](https://arxiv.org/abs/1508.07909) (BPE);
        [Kudo, 2018](https://arxiv.org/abs/1804.10959) (unigram);
        [Wu et al., 2016](https://arxiv.org/abs/1609.08144) (WordPiece)
    """

    def __init__(self, definition):
        self.definition = definition
        try:
            self._tokenizer = _package().Tokenizer.from_str(definition)
        except ImportError:
            raise
        except Exception as error:  # the package raises no class of its own
            raise ValueError(
                "`definition` must be the JSON of a tokenizer. Received: "
                f"{str(definition)[:60]!r} ({error})"
            ) from error
        # Otherwise a user's text could end sentences, or hide parts of them.
        self._tokenizer.encode_special_tokens = True
        ids = [self._tokenizer.token_to_id(token) for token in SPECIAL]
        if None in ids:
            missing = [
                t for t, i in zip(SPECIAL, ids, strict=True) if i is None
            ]
            raise ValueError(
                f"A tokenizer must know {', '.join(SPECIAL)}. Received: one "
                f"without {', '.join(missing)}"
            )
        self.padding_id, self.unknown_id, self.start_id, self.end_id = ids

    @classmethod
    def train(
        cls,
        texts,
        vocabulary_size=8000,
        kind="bpe",
        lowercase=False,
        min_frequency=2,
        special_tokens=(),
    ):
        """A tokenizer that has learnt its pieces from texts.

        Args:
            texts: iterable of str.
            vocabulary_size: int. Most tokens that it has, the special ones
                included; small texts give fewer. Defaults to 8000.
            kind: str. `"bpe"` and `"unigram"` keep spaces as a sign of their
                own and give the text back as it was; `"byte-level"` knows
                every text, without unknown tokens; `"wordpiece"` cuts at
                every punctuation mark, as BERT does. Defaults to `"bpe"`.
            lowercase: bool. Defaults to False.
            min_frequency: int. How often a pair must occur to be merged.
                Defaults to 2.
            special_tokens: sequence of str. Further ones, such as `[MASK]`,
                with the ids from 4 on.

        Raises:
            ValueError: on an unknown kind, or without a text.
        """
        if kind not in KINDS:
            raise ValueError(
                f"`kind` must be one of {KINDS}. Received: {kind=}"
            )
        if vocabulary_size <= len(SPECIAL):
            raise ValueError(
                f"`vocabulary_size` must exceed {len(SPECIAL)}, the special "
                f"tokens. Received: {vocabulary_size=}"
            )
        texts = [text for text in texts if text]
        if not texts:
            raise ValueError(
                "A tokenizer learns from texts. Received: no text that is not "
                "empty"
            )
        tokenizer, options = _untrained(kind, lowercase)
        if kind != "unigram":
            options["min_frequency"] = min_frequency
        trainer = _trainer(kind)(
            vocab_size=vocabulary_size,
            special_tokens=[*SPECIAL, *special_tokens],
            show_progress=False,
            **options,
        )
        tokenizer.train_from_iterator(texts, trainer, length=len(texts))
        return cls(tokenizer.to_str())

    @property
    def vocabulary_size(self):
        """int. Number of different ids."""
        return self._tokenizer.get_vocab_size()

    @property
    def specials(self):
        """List of str: the special tokens, whose ids are 0, 1, 2 ..."""
        found = []
        while True:
            token = self._tokenizer.id_to_token(len(found))
            added = self._tokenizer.get_added_tokens_decoder().get(len(found))
            if added is None or not added.special:
                return found
            found.append(token)

    def id_of(self, token):
        """The id of a piece or of a special token: int.

        Raises:
            ValueError: if it is none.
        """
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(
                f"There is no such token in the vocabulary. Received: {token!r}"
            )
        return found

    def encode(self, text):
        """The ids of a text: a list of int.

        Args:
            text: str.
        """
        return self.encode_batch([text])[0]

    def encode_batch(self, texts):
        """The ids of each text, worked out together: a list of lists."""
        found = self._tokenizer.encode_batch_fast(
            list(texts), add_special_tokens=False
        )
        return [one.ids for one in found]

    def word_numbers(self, text):
        """Which word each piece of a text belongs to: a list of int.

        Args:
            text: str. The numbers rise by one with each word.
        """
        found = self._tokenizer.encode(text, add_special_tokens=False)
        return list(found.word_ids)

    def spans(self, text):
        """Where the pieces of a text stand: a list of `(start, end)`.

        Blanks that belong to a piece are left out.

        Args:
            text: str.
        """
        found = self._tokenizer.encode(text, add_special_tokens=False).offsets
        spans = []
        for start, end in found:
            piece = text[start:end]
            blanks = len(piece) - len(piece.lstrip())
            spans.append((min(start + blanks, end), end))
        return spans

    def decode(self, ids):
        """The text of ids, without special tokens: str.

        Args:
            ids: sequence of int.

        Raises:
            ValueError: on an id that the tokenizer does not have: it is not
                the one that the model was trained with.
        """
        return self.decode_batch([ids])[0]

    def decode_batch(self, batch):
        """The text of each sequence of ids: a list of str."""
        batch = [[int(i) for i in ids] for ids in batch]
        size = self.vocabulary_size
        for ids in batch:
            for i in ids:
                if not 0 <= i < size:
                    raise ValueError(
                        f"ids must lie in [0, {size - 1}]: the tokenizer must "
                        f"be the one of the model. Received: {i}"
                    )
        return self._tokenizer.decode_batch(batch, skip_special_tokens=True)

    def tokens(self, ids):
        """The pieces that ids stand for: a list of str."""
        return [self._tokenizer.id_to_token(int(i)) for i in ids]

    def words_of(self, ids):
        """As `tokens`, by the name that `WordTokenizer` has for it."""
        return self.tokens(ids)

    def get_config(self):
        return {"definition": self.definition}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def __deepcopy__(self, memo):
        return type(self)(self.definition)

    def __repr__(self):
        kind = json.loads(self.definition)["model"]["type"]
        return f"SubwordTokenizer({kind}, {self.vocabulary_size} tokens)"


def _package():
    try:
        import tokenizers
    except ImportError as error:
        raise ImportError(
            "Subword tokenizers need the package `tokenizers`: "
            'pip install "keras-nn[text]"'
        ) from error
    return tokenizers


def _trainer(kind):
    trainers = _package().trainers
    return {
        "bpe": trainers.BpeTrainer,
        "byte-level": trainers.BpeTrainer,
        "wordpiece": trainers.WordPieceTrainer,
        "unigram": trainers.UnigramTrainer,
    }[kind]


def _untrained(kind, lowercase):
    """A tokenizer without a vocabulary, and options of its trainer."""
    tokenizers = _package()
    models, normalizers = tokenizers.models, tokenizers.normalizers
    cutting, decoders = tokenizers.pre_tokenizers, tokenizers.decoders
    unknown = SPECIAL[1]
    normalizer = [normalizers.NFC()]
    if lowercase:
        normalizer.append(normalizers.Lowercase())
    if kind == "byte-level":
        tokenizer = tokenizers.Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = cutting.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        if lowercase:
            tokenizer.normalizer = normalizers.Lowercase()
        return tokenizer, {"initial_alphabet": cutting.ByteLevel.alphabet()}
    if kind == "wordpiece":
        tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token=unknown))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
        tokenizer.pre_tokenizer = cutting.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        return tokenizer, {}
    if kind == "unigram":
        tokenizer = tokenizers.Tokenizer(models.Unigram())
        options = {"unk_token": unknown}
    else:
        tokenizer = tokenizers.Tokenizer(models.BPE(unk_token=unknown))
        options = {}
    tokenizer.normalizer = normalizers.Sequence(normalizer)
    tokenizer.pre_tokenizer = cutting.Sequence(
        [cutting.Metaspace(), cutting.Punctuation("isolated")]
    )
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer, options
