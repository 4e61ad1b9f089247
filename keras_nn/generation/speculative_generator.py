import functools

import tensorflow as tf

from keras_nn.generation.prompts import FEWEST_NEW
from keras_nn.generation.prompts import FEWEST_PROMPT
from keras_nn.generation.prompts import check_prompts
from keras_nn.generation.prompts import cut_off
from keras_nn.generation.prompts import padded_prompts
from keras_nn.generation.prompts import round_up
from keras_nn.generation.token_generator import decode_step
from keras_nn.models.transformer.causal_decoder import CausalDecoder


class SpeculativeGenerator:
    """A large model's greedy texts, most of them guessed by a small one.

    The draft writes `num_drafts` tokens one after the other; the model reads
    them at once, keeps those that it would have written itself, and adds the
    next one. So the text is the model's own, token for token, in fewer of
    its passes: `(new tokens) / (1 + num_drafts * acceptance)` of them. Of
    several texts, as many tokens are kept as are right in all of them.

    Args:
        model: `CausalDecoder`.
        draft: `CausalDecoder`, smaller, with the same tokens.
        num_drafts: int. Tokens guessed in front of each pass. Defaults to 4.
        stop_token: int or None. A text ends with it. Defaults to None.
        jit_compile: bool. Whether XLA compiles the loop. Defaults to True.

    Raises:
        ValueError: if the two have not the same tokens, or nothing is
            guessed.
        TypeError: if one of them is no `CausalDecoder`: states of recurrent
            networks cannot be taken back.

    Example:

    >>> from keras_nn.models import GPT2
    >>> sizes = {"vocabulary_size": 9, "context_length": 32, "num_heads": 1}
    >>> model = GPT2(**sizes, num_layers=2, width=8)
    >>> draft = GPT2(**sizes, num_layers=1, width=4)
    >>> generate = SpeculativeGenerator(model, draft, jit_compile=False)
    >>> [len(text) for text in generate([[1, 2, 3]], max_new_tokens=5)]
    [5]
    >>> 0 <= generate.acceptance <= 1
    True

    Reference:
        [Leviathan et al., 2023](https://arxiv.org/abs/2211.17192)
    """

    def __init__(
        self, model, draft, num_drafts=4, stop_token=None, jit_compile=True
    ):
        for one in (model, draft):
            if not isinstance(one, CausalDecoder):
                raise TypeError(
                    "`model` and `draft` must be decoders with a cache. "
                    f"Received: {type(one).__name__}"
                )
        if model.vocabulary_size != draft.vocabulary_size:
            raise ValueError(
                "`model` and `draft` must have the same tokens. Received: "
                f"{model.vocabulary_size} and {draft.vocabulary_size}"
            )
        if num_drafts < 1:
            raise ValueError(
                f"`num_drafts` must be positive. Received: {num_drafts=}"
            )
        self.model = model
        self.draft = draft
        self.num_drafts = num_drafts
        self.stop_token = stop_token
        self.acceptance = None
        self.passes = None
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        self._start = compiled(self._read)
        self._advance = compiled(self._loop)

    def __call__(self, prompts, max_new_tokens=100):
        """The most probable next token of each prompt, again and again.

        Afterwards `acceptance` is the share of guesses that were kept, and
        `passes` is how often the model was run behind the prompts.

        Args:
            prompts: list of sequences of int, none of them empty.
            max_new_tokens: int. Defaults to 100.

        Returns:
            A list of lists of int: the new tokens of each text, the stop
            token, if it came, included.

        Raises:
            ValueError: on prompts that are empty, hold no tokens of the
                model, or do not fit into the context of both models with
                what is to be written.
        """
        texts = [list(map(int, prompt)) for prompt in prompts]
        for one in (self.model, self.draft):
            check_prompts(one, texts, max_new_tokens, "error")
        place = round_up(max(map(len, texts)), FEWEST_PROMPT)
        places = place + round_up(max_new_tokens + self.num_drafts, FEWEST_NEW)
        ids, padding = padded_prompts(texts, place, places)
        ids, padding = tf.constant(ids), tf.constant(padding)
        caches = self._start(ids[:, : place - 1], padding, places)
        end = place + max_new_tokens
        _, ids, _, rounds, kept, *_ = self._advance(
            tf.constant(place), tf.constant(end), ids, padding, *caches
        )
        self.passes = int(rounds)
        self.acceptance = int(kept) / max(1, self.passes * self.num_drafts)
        stops = [] if self.stop_token is None else [(self.stop_token,)]
        return [cut_off(row[place:end].tolist(), stops) for row in ids.numpy()]

    def _read(self, ids, padding, places):
        """The caches of both models behind all tokens but the last."""
        return [
            decode_step(
                one,
                ids,
                tf.constant(0),
                padding,
                places,
                one.start_cache(ids.shape[0], places),
            )[1]
            for one in (self.model, self.draft)
        ]

    def _loop(self, place, end, ids, padding, cache, draft_cache):
        places, count = ids.shape[1], self.num_drafts

        def unfinished(place, ids, done, *_):
            return (place < end) & ~tf.reduce_all(done)

        def guess(place, ids, cache):
            for step in range(count):
                # At first two tokens: where all guesses were right, the last
                # of them is not in the draft's cache yet.
                width = 2 if step == 0 else 1
                first = place + step - width
                logits, cache = decode_step(
                    self.draft,
                    _between(ids, first, width),
                    first,
                    padding,
                    places,
                    cache,
                )
                ids = _written(ids, place + step, _best(logits[:, -1:]))
            return ids, cache

        def advance(place, ids, done, rounds, kept, cache, draft_cache):
            ids, draft_cache = guess(place, ids, draft_cache)
            logits, cache = decode_step(
                self.model,
                _between(ids, place - 1, count + 1),
                place - 1,
                padding,
                places,
                cache,
            )
            own = _best(logits)  # (batch, drafts + 1)
            right = own[:, :count] == _between(ids, place, count)
            right = tf.math.cumprod(tf.cast(right, "int32"), axis=1)
            length = tf.where(done, count, tf.reduce_sum(right, axis=1))
            length = tf.reduce_min(length)
            # Behind what is kept stands what the model says; what follows it
            # is written over by the next round.
            ids = _written(ids, place, own)
            if self.stop_token is not None:
                new = tf.range(count + 1)[None] <= length
                hit = new & (own == self.stop_token)
                done |= tf.reduce_any(hit, axis=1)
            return (
                place + length + 1,
                ids,
                done,
                rounds + 1,
                kept + length,
                cache,
                draft_cache,
            )

        done = tf.zeros([ids.shape[0]], "bool")
        state = place, ids, done, 0, 0, list(cache), list(draft_cache)
        return tf.while_loop(unfinished, advance, state)


def _best(logits):
    return tf.argmax(logits, axis=-1, output_type="int32")


def _between(ids, start, length):
    return tf.gather(ids, start + tf.range(length), axis=1)


def _written(ids, place, new):
    """Ids with new ones of shape `(batch, length)` from a place on."""
    here = tf.range(ids.shape[1]) - place
    inside = (here >= 0) & (here < new.shape[1])
    spread = tf.gather(new, tf.clip_by_value(here, 0, new.shape[1] - 1), axis=1)
    return tf.where(inside[None], spread, ids)
