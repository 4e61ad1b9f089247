import functools

import numpy as np
import tensorflow as tf

from keras_nn.generation.prompts import FEWEST_NEW
from keras_nn.generation.prompts import FEWEST_PROMPT
from keras_nn.generation.prompts import check_prompts
from keras_nn.generation.prompts import output_size
from keras_nn.generation.prompts import padded_prompts
from keras_nn.generation.prompts import padded_sources
from keras_nn.generation.prompts import round_up
from keras_nn.generation.prompts import start_texts
from keras_nn.generation.sampling import Sampler

OVERFLOWS = ("slide", "error")


class TokenGenerator:
    """Continues texts, token by token, in one compiled loop with a cache.

    Prompts of unequal length are filled up on the left; shapes are rounded
    up to powers of two, so that few programs are compiled. When a text has
    as many tokens as the model has places, its oldest tokens are dropped, so
    that half of the context is free again. A model with an encoder reads
    sources once and writes until its context is full.

    Args:
        model: `CausalDecoder` or `EncoderDecoder`: has `decode`,
            `start_cache`, `vocabulary_size` and `context_length`.
        sampler: `Sampler`. Defaults to `Sampler()`.
        stop_token: int or None. A text ends with it. Defaults to None.
        overflow: str. `"slide"` drops old tokens, as above; `"error"`
            refuses what does not fit. Defaults to `"slide"`.
        jit_compile: bool. Whether XLA compiles the loop. Defaults to True.
        stop_sequences: sequence of sequences of int. A text ends with any of
            them, too.

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
        stop_sequences=(),
    ):
        if overflow not in OVERFLOWS:
            raise ValueError(
                f"`overflow` must be one of {OVERFLOWS}. Received: {overflow=}"
            )
        self.model = model
        self.sampler = sampler or Sampler()
        self.stop_token = stop_token
        self.overflow = overflow
        stops = [tuple(map(int, stop)) for stop in stop_sequences]
        if not all(stops):
            raise ValueError(
                "`stop_sequences` must not be empty ones. Received: "
                f"{stop_sequences=}"
            )
        self.stop_sequences = stops
        if stop_token is not None:
            stops = [*stops, (int(stop_token),)]
        self._stops = stops
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        self._encode = compiled(self._encode_sources)
        self._read = compiled(self._read_prompts)
        self._advance = compiled(self._write_tokens)

    def __call__(
        self,
        prompts=None,
        max_new_tokens=100,
        seed=0,
        on_tokens=None,
        stride=8,
        sources=None,
    ):
        """The continuations of prompts, or what is written about sources.

        Args:
            prompts: list of sequences of int, none of them empty. With
                sources, what each text begins with behind the start token,
                or None.
            max_new_tokens: int. Defaults to 100.
            seed: int. The same seed, the same texts. Defaults to 0.
            on_tokens: callable or None. Called with a list of lists of int,
                the new tokens of each text, as soon as they are there.
            stride: int. After how many tokens `on_tokens` is called.
                Defaults to 8.
            sources: list of sequences of int, for a model with an encoder.

        Returns:
            A list of lists of int: the new tokens of each text, the stop
            token or sequence, if it came, included.

        Raises:
            ValueError: on prompts that are empty or hold no tokens of the
                model, or do not fit where that is an error.
        """
        texts = start_texts(self.model, prompts, sources)
        check_prompts(self.model, texts, max_new_tokens, self.overflow)
        memory = []
        if sources is not None:
            memory = self._encode(padded_sources(self.model, sources))
            room = self.model.context_length - max(map(len, texts))
            max_new_tokens = min(max_new_tokens, room)
        lengths = [len(text) for text in texts]
        done = np.zeros(len(texts), bool)
        written = 0
        while written < max_new_tokens and not done.all():
            wanted = max_new_tokens - written
            state, place, free = self._start(texts, done, wanted, memory)
            end = place + min(free, wanted)
            draw = tf.constant([seed, written - place], "int64")
            while place < end and not done.all():
                stop = min(end, place + stride) if on_tokens else end
                state = self._advance(tf.constant(stop), draw, memory, *state)
                ids, done = state[1].numpy(), state[2].numpy()
                reached = int(state[0])
                new = self._collect(ids, place, reached, texts, lengths)
                written += reached - place
                place = reached
                if on_tokens is not None:
                    on_tokens(new)
        return [t[n:] for t, n in zip(texts, lengths, strict=True)]

    def _start(self, texts, done, wanted, memory):
        """State of the loop, its first place, and how many are free."""
        context = self.model.context_length
        recent = [text[-context:] for text in texts]
        if max(map(len, recent)) >= context:
            recent = [text[-max(1, context // 2) :] for text in texts]
        longest = max(map(len, recent))
        place = round_up(longest, FEWEST_PROMPT)
        free = min(wanted, context - longest)
        places = place + round_up(free, FEWEST_NEW)
        ids, padding = padded_prompts(recent, place, places)
        seen = np.zeros((len(texts), output_size(self.model)), bool)
        for row, text in zip(seen, texts, strict=True):
            row[text] = True
        padding = tf.constant(padding)
        cache = self._read(
            tf.constant(ids[:, : place - 1]), padding, places, memory
        )
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
            new = []
            for token in row[place:reached].tolist():
                if len(text) > length and self._has_ended(text):
                    break
                text.append(token)
                new.append(token)
            found.append(new)
        return found

    def _has_ended(self, text):
        return any(tuple(text[-len(stop) :]) == stop for stop in self._stops)

    def _encode_sources(self, sources):
        return self.model.encode(sources)

    def _read_prompts(self, ids, padding, places, memory):
        cache = self.model.start_cache(ids.shape[0], places)
        _, cache = decode_step(
            self.model, ids, tf.constant(0), padding, places, cache, memory
        )
        return cache

    def _write_tokens(self, stop, draw, memory, *state):
        def unfinished(place, ids, done, *_):
            return (place < stop) & ~tf.reduce_all(done)

        def write(place, ids, done, seen, padding, *cache):
            last = tf.gather(ids, [place - 1], axis=1)
            logits, cache = decode_step(
                self.model,
                last,
                place - 1,
                padding,
                ids.shape[1],
                cache,
                memory,
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
            for sequence in self._stops:
                done |= ends_with(ids, place, padding, sequence)
            return (place + 1, ids, done, seen, padding, *cache)

        return tf.while_loop(unfinished, write, state)


def decode_step(model, ids, index, padding, places, cache, memory=(), **extra):
    """Logits of tokens at `index` of texts with padding before them."""
    positions = index + tf.range(ids.shape[1])[None] - padding[:, None]
    # What is written behind the context is thrown away.
    positions = tf.minimum(positions, model.context_length - 1)
    mask = tf.range(places)[None] >= padding[:, None]
    if memory:
        extra["memory"] = list(memory)
    return model.decode(
        ids, list(cache), index, tf.maximum(positions, 0), mask, **extra
    )


def ends_with(ids, place, padding, sequence):
    """Whether each text, which reaches to `place`, ends with a sequence."""
    first = place + 1 - len(sequence)
    places = tf.maximum(first + tf.range(len(sequence)), 0)
    there = tf.gather(ids, places, axis=1) == tf.constant([sequence], "int32")
    return tf.reduce_all(there, axis=1) & (padding <= first)
