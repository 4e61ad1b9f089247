import functools

import tensorflow as tf

from keras_nn.generation.prompts import FEWEST_NEW
from keras_nn.generation.prompts import FEWEST_PROMPT
from keras_nn.generation.prompts import check_prompts
from keras_nn.generation.prompts import cut_off
from keras_nn.generation.prompts import padded_prompts
from keras_nn.generation.prompts import padded_sources
from keras_nn.generation.prompts import round_up
from keras_nn.generation.prompts import start_texts
from keras_nn.generation.sampling import Sampler
from keras_nn.generation.token_generator import decode_step
from keras_nn.generation.token_generator import ends_with

OUT = -1e9  # added to the score of what must not be chosen
EARLY = (True, False, "never")


class BeamSearch:
    """The most probable texts, found by following several at once.

    `score(text) = sum_t log p_t / length ** length_penalty`, the length
    counted in new tokens. Texts are the same, token for token, as those of
    Hugging Face's beam search. One compiled loop with a cache, as
    `TokenGenerator`.

    Args:
        model: `CausalDecoder` or `EncoderDecoder`.
        num_beams: int. Texts that are followed. Defaults to 4.
        length_penalty: float. Above 0 favours long texts. Defaults to 1.
        early_stopping: bool or str. When a text is done with: True, as soon
            as `num_beams` continuations have ended; False, when none that
            goes on has a better score now than the worst of them; `"never"`,
            when none can have one any more. Defaults to False.
        stop_token: int or None. A text ends with it. Defaults to None.
        stop_sequences: sequence of sequences of int. A text ends with any of
            them, too.
        forbidden: sequence of int. Tokens that are never written.
        jit_compile: bool. Whether XLA compiles the loop. Defaults to True.

    Raises:
        ValueError: if there is no beam, or on an unknown `early_stopping`.

    Example:

    >>> from keras_nn.models import GPT2
    >>> model = GPT2.from_preset(
    ...     "nanogpt-cpu", vocabulary_size=9, num_layers=1, width=8
    ... )
    >>> search = BeamSearch(model, num_beams=2, jit_compile=False)
    >>> [len(text) for text in search([[1, 2, 3], [4]], max_new_tokens=3)]
    [3, 3]

    Reference:
        [Wu et al., 2016](https://arxiv.org/abs/1609.08144), section 7
    """

    def __init__(
        self,
        model,
        num_beams=4,
        length_penalty=1.0,
        early_stopping=False,
        stop_token=None,
        stop_sequences=(),
        forbidden=(),
        jit_compile=True,
    ):
        if num_beams < 1:
            raise ValueError(
                f"`num_beams` must be positive. Received: {num_beams=}"
            )
        if early_stopping not in EARLY:
            raise ValueError(
                f"`early_stopping` must be one of {EARLY}. "
                f"Received: {early_stopping=}"
            )
        self.model = model
        self.num_beams = num_beams
        self.length_penalty = length_penalty
        self.early_stopping = early_stopping
        self.stop_token = stop_token
        self.stop_sequences = [tuple(stop) for stop in stop_sequences]
        self.forbidden = tuple(forbidden)
        self._stops = list(self.stop_sequences)
        if stop_token is not None:
            self._stops.append((int(stop_token),))
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        self._start = compiled(self._read)
        self._search = compiled(self._loop)

    def __call__(self, prompts=None, max_new_tokens=100, sources=None):
        """The best continuation of each prompt, or text about each source.

        Args:
            prompts: list of sequences of int, none of them empty. With
                sources, what each text begins with behind the start token,
                or None.
            max_new_tokens: int. Defaults to 100.
            sources: list of sequences of int, for a model with an encoder.

        Returns:
            A list of lists of int: the new tokens of each text, the stop
            token or sequence, if it came, included.
        """
        found = self.search(prompts, max_new_tokens, sources)
        return [beams[0][0] for beams in found]

    def search(self, prompts=None, max_new_tokens=100, sources=None):
        """All beams of each text, best first.

        Args: as of a call.

        Returns:
            A list, one entry a text, of lists of pairs: new tokens, score.
        """
        model, beams = self.model, self.num_beams
        texts = start_texts(model, prompts, sources)
        overflow = "error" if sources is None else "stop"
        check_prompts(model, texts, max_new_tokens, overflow)
        longest = max(map(len, texts))
        new = min(max_new_tokens, model.context_length - longest)
        place = round_up(longest, FEWEST_PROMPT)
        places = place + round_up(new, FEWEST_NEW)
        ids, padding = padded_prompts(texts, place, places)
        ids = tf.repeat(ids, beams, axis=0)
        padding = tf.repeat(padding, beams)
        if sources is not None:
            sources = tf.constant(padded_sources(model, sources))
        memory, cache = self._start(
            ids[:, : place - 1], padding, places, sources
        )
        ids = tf.reshape(ids, (len(texts), beams, places))
        ids, scores, ended = self._search(
            tf.constant(place + new),
            tf.constant(place),
            ids,
            padding,
            memory,
            cache,
        )
        found = []
        for rows, row_scores, kept in zip(
            ids.numpy(), scores.numpy(), ended.numpy(), strict=True
        ):
            found.append(
                [
                    (
                        cut_off(row[place : place + new].tolist(), self._stops),
                        float(score),
                    )
                    for row, score, whole in zip(
                        rows, row_scores, kept, strict=True
                    )
                    if whole
                ]
            )
        return found

    def _read(self, ids, padding, places, sources):
        memory = []
        if sources is not None:
            memory = [
                tf.repeat(part, self.num_beams, axis=0)
                for part in self.model.encode(sources)
            ]
        cache = self.model.start_cache(ids.shape[0], places)
        _, cache = decode_step(
            self.model, ids, tf.constant(0), padding, places, cache, memory
        )
        return memory, cache

    def _loop(self, end, start, ids, padding, memory, cache):
        batch, beams, places = ids.shape
        first = tf.concat([[0.0], tf.fill([beams - 1], OUT)], axis=0)
        state = (
            start,
            ids,
            tf.repeat(first[None], batch, axis=0),  # all beams are the same
            ids,
            tf.fill([batch, beams], OUT),
            tf.zeros([batch, beams], "bool"),
            tf.ones([batch, 1], "bool"),
            tf.constant(True),
            *cache,
        )

        def unfinished(*state):
            place, *_, ended, hopeful, goes_on = state[:8]
            more = (place < end) & goes_on & tf.reduce_any(hopeful)
            if self.early_stopping is True:
                more &= ~tf.reduce_all(ended)
            return more

        def write(
            place, ids, scores, best, best_scores, ended, hopeful, _, *cache
        ):
            last = tf.gather(ids, place - 1, axis=2)
            logits, cache = decode_step(
                self.model,
                tf.reshape(last, (-1, 1)),
                place - 1,
                padding,
                places,
                cache,
                memory,
            )
            found, beam, texts, hits = self._candidates(
                logits[:, -1], ids, scores, place, padding
            )
            hits |= place + 1 >= end
            running = found + OUT * tf.cast(hits, "float32")
            scores, chosen = tf.math.top_k(running, beams)
            ids = tf.gather(texts, chosen, batch_dims=1)
            rows = tf.gather(beam, chosen, batch_dims=1)
            rows += tf.range(batch)[:, None] * beams
            cache = [tf.gather(c, tf.reshape(rows, [-1])) for c in cache]

            penalty = self.length_penalty
            length = tf.cast(place + 1 - start, "float32")
            just = hits & (tf.range(2 * beams) < beams)[None]
            wrong = ~just | ~hopeful
            if self.early_stopping is True:
                wrong |= tf.reduce_all(ended, axis=1, keepdims=True)
            final = found / length**penalty + OUT * tf.cast(wrong, "float32")
            best_scores, chosen = tf.math.top_k(
                tf.concat([best_scores, final], axis=1), beams
            )
            both = tf.concat([best, texts], axis=1)
            best = tf.gather(both, chosen, batch_dims=1)
            both = tf.concat([ended, just], axis=1)
            ended = tf.gather(both, chosen, batch_dims=1)

            if self.early_stopping == "never" and penalty > 0:
                length = tf.cast(end - start, "float32")
            worst = tf.where(
                ended, tf.reduce_min(best_scores, axis=1, keepdims=True), OUT
            )
            hopeful &= tf.reduce_any(
                scores[:, :1] / length**penalty > worst, axis=1, keepdims=True
            )
            return (
                place + 1,
                ids,
                scores,
                best,
                best_scores,
                ended,
                hopeful,
                ~tf.reduce_all(hits),
                *cache,
            )

        state = tf.while_loop(unfinished, write, state)
        return state[3], state[4], state[5]

    def _candidates(self, logits, ids, scores, place, padding):
        """The best `2 num_beams` continuations of each text's beams.

        Returns:
            Their scores, which beam each goes on with, the texts, and
            whether each has ended.
        """
        batch, beams, places = ids.shape
        size = logits.shape[-1]
        logits = tf.nn.log_softmax(tf.cast(logits, "float32"))
        if self.forbidden:
            logits = Sampler(0.0, forbidden=self.forbidden).filter(logits)
        total = tf.reshape(logits, (batch, beams, size)) + scores[..., None]
        found, chosen = tf.math.top_k(
            tf.reshape(total, (batch, beams * size)), 2 * beams
        )
        beam, token = chosen // size, chosen % size
        texts = tf.gather(ids, beam, batch_dims=1)
        here = tf.range(places) == place
        texts = tf.where(here, token[..., None], texts)
        hits = tf.zeros([batch, 2 * beams], "bool")
        flat = tf.reshape(texts, (-1, places))
        twice = tf.repeat(tf.reshape(padding, (batch, beams)), 2, axis=1)
        for stop in self._stops:
            ends = ends_with(flat, place, tf.reshape(twice, [-1]), stop)
            hits |= tf.reshape(ends, (batch, 2 * beams))
        return found, beam, texts, hits
