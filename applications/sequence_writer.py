"""From texts to the texts that an encoder and a decoder make of them."""

from keras_nn.generation import BeamSearch
from keras_nn.generation import Sampler
from keras_nn.generation import TokenGenerator


class SequenceWriter:
    """Writes about texts with a network that reads one and writes another.

    Args:
        backbone: `EncoderDecoder`.
        tokenizer: `data.SubwordTokenizer`.
        max_length: int. Places of a source, the end token included.
        cuts: bool. Whether longer sources are cut; else they are refused.
    """

    def __init__(self, backbone, tokenizer, max_length, cuts=False):
        self.backbone = backbone
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.cuts = cuts
        self._searches = {}

    def beams(
        self,
        texts,
        num_beams,
        length_penalty,
        max_new_tokens,
        forbidden=(),
        batch_size=64,
        jit_compile=False,
    ):
        """Several texts about each source, with their scores.

        Args:
            texts: list of str, none of them empty.
            num_beams: int.
            length_penalty: float.
            max_new_tokens: int.
            forbidden: sequence of str, one token each.
            batch_size: int. How many texts at once.
            jit_compile: bool.

        Returns:
            A list, one entry a text, of lists of `(text, score)`.
        """
        sources = self.sources(texts)
        order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
        search = self._search(
            num_beams, length_penalty, self._tokens_of(forbidden), jit_compile
        )
        written = [None] * len(sources)
        for first in range(0, len(order), batch_size):
            part = order[first : first + batch_size]
            found = search(
                sources=[sources[i] for i in part],
                max_new_tokens=max_new_tokens,
            )
            for i, beams in zip(part, found, strict=True):
                ids, scores = zip(*beams, strict=True)
                texts_of = self.tokenizer.decode_batch(ids)
                written[i] = list(zip(texts_of, scores, strict=True))
        return written

    def sources(self, texts):
        """The ids of sources, the end token behind them: a list of lists."""
        sources = self.tokenizer.encode_batch(texts)
        if self.cuts:
            sources = [ids[: self.max_length - 1] for ids in sources]
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

    def _search(self, num_beams, length_penalty, forbidden, jit_compile):
        """What writes about sources: the beams of each."""
        key = num_beams, length_penalty, forbidden, jit_compile
        if key in self._searches:
            return self._searches[key]
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

        self._searches[key] = search
        return search


def check_tokens(backbone, tokenizer):
    """Raises unless a network and its tokenizer have the same tokens."""
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
