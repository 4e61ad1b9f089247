import json
from pathlib import Path

import keras

# What tokenizer_config.json calls the tokens that ours have names for.
_NAMES = {
    "padding": ("pad_token",),
    "unknown": ("unk_token",),
    "start": ("bos_token", "cls_token"),
    "end": ("eos_token", "sep_token"),
    "masked": ("mask_token",),
}


@keras.saving.register_keras_serializable(package="keras_nn")
class PublishedTokenizer:
    """The tokenizer that a published model was trained with.

    It stands on Hugging Face's `tokenizers`, and gives the ids that theirs
    gives: the `tokenizer.json` beside the weights decides how text is cut,
    and which special tokens are put around it. Its JSON is part of the
    config, and so of every saved model.

    Args:
        definition: str. The text of `tokenizer.json`.
        padding: str or None. The token that stands for nothing.
        unknown: str or None. The token of what has none.
        start: str or None. The token in front of a text, or a model's first.
        end: str or None. The token behind a text.
        masked: str or None. The token in place of one to guess.
        adds_special: bool. Whether `encode` puts special tokens around a
            text, where the definition says so. Defaults to True.

    Raises:
        ImportError: without the package `tokenizers`.
        ValueError: if the definition is none, or lacks a token named here.

    Example:

    >>> from keras_nn.data import SubwordTokenizer
    >>> trained = SubwordTokenizer.train(["a man and a woman"], 30)
    >>> tokenizer = PublishedTokenizer(trained.definition, padding="<pad>")
    >>> tokenizer.decode(tokenizer.encode("a woman"))
    'a woman'
    >>> tokenizer.padding_id
    0
    """

    def __init__(
        self,
        definition,
        padding=None,
        unknown=None,
        start=None,
        end=None,
        masked=None,
        adds_special=True,
    ):
        try:
            import tokenizers
        except ImportError as error:
            raise ImportError(
                "A published tokenizer needs the package `tokenizers`: "
                'pip install "keras-nn[text]"'
            ) from error
        try:
            self._tokenizer = tokenizers.Tokenizer.from_str(definition)
        except Exception as error:  # the package raises no class of its own
            raise ValueError(
                "`definition` must be the JSON of a tokenizer. Received: "
                f"{str(definition)[:60]!r} ({error})"
            ) from error
        # Padding and cutting off are ours, not part of an encoded text.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._size = 1 + max(self._tokenizer.get_vocab().values(), default=-1)
        self.definition = definition
        self.adds_special = adds_special
        self.special = {
            "padding": padding,
            "unknown": unknown,
            "start": start,
            "end": end,
            "masked": masked,
        }
        for name, token in self.special.items():
            number = None
            if token is not None:
                number = self._tokenizer.token_to_id(token)
                if number is None:
                    raise ValueError(
                        f"`{name}` must be a token of the tokenizer. "
                        f"Received: {token!r}"
                    )
            setattr(self, f"{name}_id", number)

    @classmethod
    def load(cls, folder, adds_special=True):
        """The tokenizer in a folder as it is published.

        Args:
            folder: path of a folder with `tokenizer.json`, and, if there are
                special tokens, `tokenizer_config.json`.
            adds_special: bool. See the class.

        Raises:
            FileNotFoundError: without `tokenizer.json`; other forms, such as
                `vocab.txt` and `spiece.model`, are not read.
            ValueError: on a damaged file.
        """
        folder = Path(folder)
        path = folder / "tokenizer.json"
        if not path.is_file():
            present = sorted(p.name for p in folder.iterdir())
            raise FileNotFoundError(
                "There must be a tokenizer.json in the folder; other forms "
                f"are not read. Received: {present} in {folder}"
            )
        given = {}
        for name in ("special_tokens_map.json", "tokenizer_config.json"):
            if (folder / name).is_file():
                given |= _json(folder / name)
        found = {}
        for ours, theirs in _NAMES.items():
            tokens = [given[name] for name in theirs if given.get(name)]
            token = tokens[0] if tokens else None
            found[ours] = token["content"] if isinstance(token, dict) else token
        text = path.read_text(encoding="utf-8")
        return cls(text, **found, adds_special=adds_special)

    def files(self):
        """What Hugging Face reads it from: dict from file to its text."""
        special = {
            _NAMES[name][0]: token
            for name, token in self.special.items()
            if token is not None
        }
        config = {"tokenizer_class": "PreTrainedTokenizerFast", **special}
        return {
            "tokenizer.json": self.definition,
            "tokenizer_config.json": json.dumps(config, indent=2),
        }

    @property
    def vocabulary_size(self):
        """int. One more than the largest id."""
        return self._size

    def encode(self, text):
        """The ids of a text: a list of int."""
        return self.encode_batch([text])[0]

    def encode_batch(self, texts):
        """The ids of each text, worked out together: a list of lists."""
        found = self._tokenizer.encode_batch_fast(
            list(texts), add_special_tokens=self.adds_special
        )
        return [one.ids for one in found]

    def decode(self, ids):
        """The text of ids, without special tokens: str.

        Raises:
            ValueError: on an id that the tokenizer does not have.
        """
        return self.decode_batch([ids])[0]

    def decode_batch(self, batch):
        """The text of each sequence of ids: a list of str."""
        batch = [[int(i) for i in ids] for ids in batch]
        wrong = [
            i
            for ids in batch
            for i in ids
            if i < 0 or self._tokenizer.id_to_token(i) is None
        ]
        if wrong:
            raise ValueError(
                "ids must be of this tokenizer, of "
                f"{self.vocabulary_size} tokens. Received: {wrong[0]}"
            )
        return self._tokenizer.decode_batch(batch, skip_special_tokens=True)

    def tokens(self, ids):
        """The pieces that ids stand for: a list of str."""
        return [self._tokenizer.id_to_token(int(i)) for i in ids]

    def get_config(self):
        return {
            "definition": self.definition,
            **self.special,
            "adds_special": self.adds_special,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def __deepcopy__(self, memo):
        return type(self)(**self.get_config())

    def __repr__(self):
        kind = json.loads(self.definition)["model"]["type"]
        return f"PublishedTokenizer({kind}, {self.vocabulary_size} tokens)"


def _json(path):
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON. Received: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must hold a dict. Received: {found!r}")
    return found
