"""From the beginnings of texts to what comes after them."""

from keras_nn import data
from keras_nn.generation import Sampler
from keras_nn.generation import TokenGenerator


class TextContinuation:
    """What a language model does with prompts and files of them.

    A mixin for a `keras.Model` with `backbone`, a decoder, `tokenizer`, and
    the empty dict `_generators`.
    """

    def generate(
        self,
        prompts,
        max_new_tokens=200,
        temperature=0.8,
        top_k=None,
        top_p=None,
        min_p=None,
        repetition_penalty=1.0,
        stop=None,
        overflow="slide",
        seed=0,
        on_text=None,
        jit_compile=False,
    ):
        """Goes on with texts.

        Args:
            prompts: str or list of str, none of them empty.
            max_new_tokens: int. Defaults to 200.
            temperature, top_k, top_p, min_p, repetition_penalty: see
                `keras_nn.generation.Sampler`. The temperature defaults to
                0.8; 0 takes the most probable token.
            stop: str or None. A single token with which a text ends.
            overflow: `"slide"` or `"error"`: what happens where a text is
                longer than the context; see `TokenGenerator`.
            seed: int. The same seed, the same texts. Defaults to 0.
            on_text: callable or None. Called with a list of str, what is new
                of each text, as soon as it is there.
            jit_compile: bool. Whether XLA compiles the loop: for long or
                many texts. Defaults to False.

        Returns:
            What comes after the prompt: a str, or a list of str.

        Raises:
            ValueError: on prompts with characters that the tokenizer refuses.
        """
        single = isinstance(prompts, str)
        ids = [
            self.tokenizer.encode(one)
            for one in ([prompts] if single else prompts)
        ]
        if stop is not None:
            tokens = self.tokenizer.encode(stop)
            if len(tokens) != 1:
                raise ValueError(
                    f"`stop` must be one token. Received: {stop=}, which is "
                    f"{len(tokens)}"
                )
            (stop,) = tokens
        sampler = Sampler(temperature, top_k, top_p, min_p, repetition_penalty)
        key = sampler, stop, overflow, jit_compile
        if key not in self._generators:
            self._generators[key] = TokenGenerator(
                self.backbone, sampler, stop, overflow, jit_compile
            )
        on_tokens = None
        if on_text is not None:

            def on_tokens(new):
                on_text([self.tokenizer.decode(part) for part in new])

        texts = self._generators[key](ids, max_new_tokens, seed, on_tokens)
        texts = [self.tokenizer.decode(text) for text in texts]
        return texts[0] if single else texts

    def predict_path(self, path, top=1):
        prompts = [line for line in data.read_text(path).split("\n") if line]
        return [
            {"prompt": prompt, "rank": rank, "text": text}
            for rank in range(1, top + 1)
            for prompt, text in zip(
                prompts, self.generate(prompts, seed=rank), strict=True
            )
        ]
