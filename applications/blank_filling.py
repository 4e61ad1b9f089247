"""From texts with hidden words to guesses of what they are."""

import keras
import numpy as np

from keras_nn import data

MASK = "[MASK]"


class BlankFilling:
    """What a masked language model does with texts and files.

    A mixin for a `keras.Model` from ids to logits, with `tokenizer`,
    `max_length` and `_masking`, a `data.TokenMasking`.
    """

    def fill(self, texts, top=5):
        """Guesses what `[MASK]` stands for.

        Args:
            texts: str or list of str, with one `[MASK]` or several each.
            top: int. How many guesses, best first. Defaults to 5.

        Returns:
            For a str a list, one entry a `[MASK]`, of lists of
            `(word, probability)`; for a list of str a list of such.

        Raises:
            ValueError: on a text without `[MASK]`, or where the mask is
                beyond what the network reads.
        """
        single = isinstance(texts, str)
        texts = [texts] if single else list(texts)
        ids = [self._with_masks(text) for text in texts]
        mask = self._masking.mask_id
        x = data.pad(ids, self.max_length, self.tokenizer.padding_id, 8)
        logits = keras.ops.convert_to_tensor(self.predict(x, verbose=0))
        probabilities = keras.ops.convert_to_numpy(
            keras.ops.softmax(keras.ops.cast(logits, "float32"))
        )
        # What no text holds is no answer.
        probabilities[..., : self._masking.first_id] = 0
        found = []
        for row, text in zip(probabilities, ids, strict=True):
            places = [i for i, token in enumerate(text) if token == mask]
            best = np.argsort(-row[places], axis=-1, kind="stable")[:, :top]
            found.append(
                [
                    [
                        (word, float(row[place, token]))
                        for word, token in zip(
                            self.tokenizer.words_of(tokens),
                            tokens,
                            strict=True,
                        )
                    ]
                    for place, tokens in zip(places, best, strict=True)
                ]
            )
        return found[0] if single else found

    def predict_path(self, path, top=1):
        lines = data.read_text(path).split("\n")
        texts = [line for line in lines if line.strip()]
        return [
            {
                "text": text,
                "mask": number,
                "rank": rank,
                "word": word,
                "probability": round(probability, 6),
            }
            for text, masks in zip(texts, self.fill(texts, top), strict=True)
            for number, words in enumerate(masks, start=1)
            for rank, (word, probability) in enumerate(words, start=1)
        ]

    def _with_masks(self, text):
        # A blank before a word belongs to it, and to what hides it.
        parts = [part.rstrip() for part in text.split(MASK)]
        parts = [self.tokenizer.encode(part) for part in parts]
        ids = parts[0]
        for part in parts[1:]:
            ids = [*ids, self._masking.mask_id, *part]
        masks = [i for i, id in enumerate(ids) if id == self._masking.mask_id]
        if not masks or masks[-1] >= self.max_length:
            raise ValueError(
                f"A text must hold {MASK} among its first {self.max_length} "
                f"words. Received: {text[:60]!r}"
            )
        return ids[: self.max_length]
