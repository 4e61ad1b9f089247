import functools

import numpy as np
import tensorflow as tf

from keras_nn.generation.sampling import Sampler

FEWEST_PROMPT, FEWEST_NEW = 8, 32  # smallest shapes that are compiled
OVERFLOWS = ("slide", "error")


class TokenGenerator:
    """Continues texts, token by token, in one compiled loop with a cache.

    Prompts of unequal length are filled up on the left; shapes are rounded
    up to powers of two, so that few programs are compiled. When a text has
    as many tokens as the model has places, its oldest tokens are dropped, so
    that half of the context is free again.

    Args:
        model: `CausalDecoder`: has `decode`, `start_cache`,
            `vocabulary_size` and `context_length`.
        sampler: `Sampler`. Defaults to `Sampler()`.
        stop_token: int or None. A text ends with it. Defaults to None.
        overflow: str. `"slide"` drops old tokens, as above; `"error"`
            refuses what does not fit. Defaults to `"slide"`.
        jit_compile: bool. Whether XLA compiles the loop. Defaults to True.

    Example:

    >>> from keras_nn.models import GPT2
    >>> model = GPT2.from_preset(
    ...     "nanogpt-cpu", vocabulary_size=5, num_layers=1, width=8
    ... )
    >>> generator = TokenGenerator(model, jit_compile=False)
    >>> texts = generator([[1, 2, 3], [4]], max_new_tokens=6)
    >>> [len(text) for text in texts]
    [6, 6]
    """

    def __init__(
        self,
        model,
        sampler=None,
        stop_token=None,
        overflow="slide",
        jit_compile=True,
    ):
        if overflow not in OVERFLOWS:
            raise ValueError(
                f"`overflow` must be one of {OVERFLOWS}. Received: {overflow=}"
            )
        self.model = model
        self.sampler = sampler or Sampler()
        self.stop_token = stop_token
        self.overflow = overflow
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        self._read = compiled(self._read_prompts)
        self._advance = compiled(self._write_tokens)

    def __call__(
        self, prompts, max_new_tokens=100, seed=0, on_tokens=None, stride=8
    ):
        """The continuations of prompts.

        Args:
            prompts: list of sequences of int, none of them empty.
            max_new_tokens: int. Defaults to 100.
            seed: int. The same seed, the same texts. Defaults to 0.
            on_tokens: callable or None. Called with a list of lists of int,
                the new tokens of each text, as soon as they are there.
            stride: int. After how many tokens `on_tokens` is called.
                Defaults to 8.

        Returns:
            A list of lists of int: the new tokens of each text, the stop
            token, if it came, included.

        Raises:
            ValueError: on prompts that are empty or hold no tokens of the
                model, or do not fit where that is an error.
        """
        self._check(prompts, max_new_tokens)
        texts = [list(map(int, prompt)) for prompt in prompts]
        lengths = [len(text) for text in texts]
        done = np.zeros(len(texts), bool)
        written = 0
        while written < max_new_tokens and not done.all():
            wanted = max_new_tokens - written
            state, place, free = self._start(texts, done, wanted)
            end = place + min(free, wanted)
            draw = tf.constant([seed, written - place], "int64")
            while place < end and not done.all():
                stop = min(end, place + stride) if on_tokens else end
                state = self._advance(tf.constant(stop), draw, *state)
                ids, done = state[1].numpy(), state[2].numpy()
                reached = int(state[0])
                new = self._collect(ids, place, reached, texts, lengths)
                written += reached - place
                place = reached
                if on_tokens is not None:
                    on_tokens(new)
        return [t[n:] for t, n in zip(texts, lengths, strict=True)]

    def _start(self, texts, done, wanted):
        """State of the loop, its first place, and how many are free."""
        context = self.model.context_length
        recent = [text[-context:] for text in texts]
        if max(map(len, recent)) >= context:
            recent = [text[-max(1, context // 2) :] for text in texts]
        longest = max(map(len, recent))
        place = _round_up(longest, FEWEST_PROMPT)
        free = min(wanted, context - longest)
        places = place + _round_up(free, FEWEST_NEW)
        ids = np.zeros((len(texts), places), "int32")
        for row, text in zip(ids, recent, strict=True):
            row[place - len(text) : place] = text
        padding = np.array([place - len(text) for text in recent], "int32")
        seen = np.zeros((len(texts), self.model.vocabulary_size), bool)
        for row, text in zip(seen, texts, strict=True):
            row[text] = True
        padding = tf.constant(padding)
        cache = self._read(tf.constant(ids[:, : place - 1]), padding, places)
        state = [
            tf.constant(place),
            tf.constant(ids),
            tf.constant(done),
            tf.constant(seen),
            padding,
            *cache,
        ]
        return state, place, free

    def _collect(self, ids, place, reached, texts, lengths):
        """Appends what was written; returns what is new of each text."""
        found = []
        for row, text, length in zip(ids, texts, lengths, strict=True):
            new = row[place:reached].tolist()
            if self.stop_token is not None:
                if len(text) > length and text[-1] == self.stop_token:
                    new = []
                elif self.stop_token in new:
                    new = new[: new.index(self.stop_token) + 1]
            text.extend(new)
            found.append(new)
        return found

    def _read_prompts(self, ids, padding, places):
        cache = self.model.start_cache(ids.shape[0], places)
        _, cache = self._decode(ids, tf.constant(0), padding, places, cache)
        return cache

    def _write_tokens(self, stop, draw, *state):
        def unfinished(place, ids, done, *_):
            return (place < stop) & ~tf.reduce_all(done)

        def write(place, ids, done, seen, padding, *cache):
            last = tf.gather(ids, [place - 1], axis=1)
            logits, cache = self._decode(
                last, place - 1, padding, ids.shape[1], cache
            )
            # Counted in new tokens, which neither strides nor slides change.
            count = tf.stack([0, tf.cast(place, "int64")])
            uniform = tf.random.stateless_uniform(
                logits[:, -1].shape,
                draw + count,
                minval=1e-20,
                alg="philox",
            )
            new = self.sampler.choose(logits[:, -1], uniform, seen)
            here = tf.range(ids.shape[1])[None] == place
            ids = tf.where(here, new[:, None], ids)
            if self.sampler.penalizes:
                seen |= tf.one_hot(new, seen.shape[1], True, False)
            if self.stop_token is not None:
                done |= new == self.stop_token
            return (place + 1, ids, done, seen, padding, *cache)

        return tf.while_loop(unfinished, write, state)

    def _decode(self, ids, index, padding, places, cache):
        positions = index + tf.range(ids.shape[1])[None] - padding[:, None]
        mask = tf.range(places)[None] >= padding[:, None]
        return self.model.decode(
            ids, list(cache), index, tf.maximum(positions, 0), mask
        )

    def _check(self, prompts, max_new_tokens):
        if max_new_tokens < 1:
            raise ValueError(
                "`max_new_tokens` must be positive. "
                f"Received: {max_new_tokens=}"
            )
        if self.model.context_length < 2:
            raise ValueError(
                "A text grows only in a context of two tokens or more. "
                f"Received: context_length={self.model.context_length}"
            )
        lengths = [len(prompt) for prompt in prompts]
        if not lengths or not all(lengths):
            raise ValueError(
                "There must be a prompt, and each needs a token. Received: "
                f"prompts of {lengths} tokens"
            )
        size = self.model.vocabulary_size
        for prompt in prompts:
            for token in prompt:
                if not 0 <= token < size:
                    raise ValueError(
                        f"ids must lie in [0, {size - 1}], because the model "
                        f"has {size} tokens. Received: {token}"
                    )
        needed = max(lengths) + max_new_tokens
        if self.overflow == "error" and needed > self.model.context_length:
            raise ValueError(
                "Prompt and new tokens must fit into the context of "
                f"{self.model.context_length} tokens. Received: "
                f"{max(lengths)} and {max_new_tokens} tokens"
            )


def _round_up(number, least):
    size = least
    while size < number:
        size *= 2
    return size
