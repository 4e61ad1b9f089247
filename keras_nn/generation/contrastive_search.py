import functools

import tensorflow as tf

from keras_nn.generation.prompts import FEWEST_NEW
from keras_nn.generation.prompts import FEWEST_PROMPT
from keras_nn.generation.prompts import check_prompts
from keras_nn.generation.prompts import cut_off
from keras_nn.generation.prompts import padded_prompts
from keras_nn.generation.prompts import round_up
from keras_nn.generation.token_generator import decode_step
from keras_nn.generation.token_generator import ends_with


class ContrastiveSearch:
    """Texts of probable tokens whose features repeat nothing before them.

    `next = argmax_v (1 - alpha) p(v) - alpha max_j cos(h_v, h_j)` over the
    `top_k` most probable tokens `v`, with the features `h` in front of the
    head, `j` over all tokens of the text. One compiled loop with a cache, as
    `TokenGenerator`; each step reads `top_k` tokens.

    Args:
        model: `CausalDecoder`.
        top_k: int. Candidates. 1 is the greedy search. Defaults to 4.
        alpha: float in [0, 1]. Weight of the penalty; 0 is the greedy search.
            Defaults to 0.6.
        stop_token: int or None. A text ends with it. Defaults to None.
        jit_compile: bool. Whether XLA compiles the loop. Defaults to True.

    Raises:
        ValueError: if there is no candidate, or `alpha` is no share.

    Example:

    >>> from keras_nn.models import GPT2
    >>> model = GPT2(9, 32, num_layers=1, num_heads=1, width=8)
    >>> search = ContrastiveSearch(model, jit_compile=False)
    >>> [len(text) for text in search([[1, 2, 3], [4]], max_new_tokens=5)]
    [5, 5]

    Reference:
        [Su et al., 2022](https://arxiv.org/abs/2202.06417)
    """

    def __init__(
        self, model, top_k=4, alpha=0.6, stop_token=None, jit_compile=True
    ):
        if not 1 <= top_k <= model.vocabulary_size:
            raise ValueError(
                "`top_k` must be positive and at most the number of tokens, "
                f"{model.vocabulary_size}. Received: {top_k=}"
            )
        if not 0 <= alpha <= 1:
            raise ValueError(f"`alpha` must lie in [0, 1]. Received: {alpha=}")
        self.model = model
        self.top_k = top_k
        self.alpha = alpha
        self.stop_token = stop_token
        compiled = functools.partial(tf.function, jit_compile=jit_compile)
        self._start = compiled(self._read)
        self._advance = compiled(self._loop)

    def __call__(self, prompts, max_new_tokens=100):
        """The continuation of each prompt.

        Args:
            prompts: list of sequences of int, none of them empty.
            max_new_tokens: int. Defaults to 100.

        Returns:
            A list of lists of int: the new tokens of each text, the stop
            token, if it came, included.

        Raises:
            ValueError: on prompts that are empty, hold no tokens of the
                model, or do not fit into its context with what is to be
                written.
        """
        texts = [list(map(int, prompt)) for prompt in prompts]
        check_prompts(self.model, texts, max_new_tokens, "error")
        place = round_up(max(map(len, texts)), FEWEST_PROMPT)
        places = place + round_up(max_new_tokens, FEWEST_NEW)
        ids, padding = map(tf.constant, padded_prompts(texts, place, places))
        state = self._start(ids[:, :place], padding, places)
        end = tf.constant(place + max_new_tokens)
        ids = self._advance(tf.constant(place), end, ids, padding, *state)
        stops = [] if self.stop_token is None else [(self.stop_token,)]
        rows = ids.numpy()[:, place : place + max_new_tokens]
        return [cut_off(row.tolist(), stops) for row in rows]

    def _decode(self, ids, index, padding, places, cache):
        logits, cache, features = decode_step(
            self.model,
            ids,
            index,
            padding,
            places,
            cache,
            return_features=True,
        )
        features = tf.math.l2_normalize(tf.cast(features, "float32"), -1)
        probabilities = tf.nn.softmax(tf.cast(logits[:, -1], "float32"))
        return probabilities, cache, features

    def _read(self, ids, padding, places):
        """What comes next, the cache, and features of a whole text."""
        batch, place = ids.shape
        p, cache, features = self._decode(
            ids,
            tf.constant(0),
            padding,
            places,
            self.model.start_cache(batch, places),
        )
        return p, tf.pad(features, [[0, 0], [0, places - place], [0, 0]]), cache

    def _loop(self, place, end, ids, padding, p, features, cache):
        batch, places = ids.shape
        count = self.top_k
        padded = tf.repeat(padding, count)

        def unfinished(place, ids, done, *_):
            return (place < end) & ~tf.reduce_all(done)

        def write(place, ids, done, p, features, cache):
            value, token = tf.math.top_k(p, count)  # (batch, candidates)
            after, wide, found = self._decode(
                tf.reshape(token, (-1, 1)),
                place,
                padded,
                places,
                [tf.repeat(part, count, axis=0) for part in cache],
            )
            found = tf.reshape(found, (batch, count, -1))
            alike = tf.einsum("bcf,bpf->bcp", found, features)
            spot = tf.range(places)[None]
            there = (spot >= padding[:, None]) & (spot < place)
            alike = tf.where(there[:, None], alike, -1.0)
            penalty = tf.reduce_max(alike, axis=-1)
            best = tf.argmax(
                (1 - self.alpha) * value - self.alpha * penalty,
                axis=-1,
                output_type="int32",
            )
            rows = best + tf.range(batch) * count
            here = spot == place
            new = tf.gather(token, best, batch_dims=1)
            ids = tf.where(here, new[:, None], ids)
            chosen = tf.gather(found, best, batch_dims=1)
            features = tf.where(here[..., None], chosen[:, None], features)
            if self.stop_token is not None:
                stop = (self.stop_token,)
                done |= ends_with(ids, place, padding, stop)
            cache = [tf.gather(part, rows) for part in wide]
            return place + 1, ids, done, tf.gather(after, rows), features, cache

        done = tf.zeros([batch], "bool")
        state = place, ids, done, p, features, list(cache)
        return tf.while_loop(unfinished, write, state)[1]
