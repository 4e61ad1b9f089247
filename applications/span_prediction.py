"""From texts to what is found in them, and where."""

import keras

from keras_nn import metrics
from keras_nn.applications.tagged_words import in_pieces
from keras_nn.applications.text_files import unlabelled_texts


class SpanPrediction:
    """What an application of tags does with texts and files.

    A mixin for a `keras.Model` from words to tags, with `tokenizer`,
    `class_names` and `max_length`.
    """

    def predict_tags(self, texts, **kwargs):
        """The tags of texts that are cut into words.

        Args:
            texts: list of lists of str. What is longer than `max_length` is
                read in pieces.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            A list of lists of str, one tag a word.
        """
        pieces, _ = in_pieces(texts, None, self.max_length)
        outputs = self.predict(pieces, **{"verbose": 0, **kwargs})
        numbers = keras.ops.convert_to_numpy(
            metrics.tag_predictions(keras.ops.convert_to_tensor(outputs))
        )
        rows = iter(zip(pieces, numbers, strict=True))
        found = []
        for words in texts:
            tags = []
            while len(tags) < len(words):
                piece, row = next(rows)
                tags += [self.class_names[tag] for tag in row[: len(piece)]]
            found.append(tags)
        return found

    def predict_spans(self, texts, **kwargs):
        """What is found in texts, and where.

        Args:
            texts: list of str.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            A list, one entry a text, of lists of dicts: `"text"`, `"label"`,
            and the characters from `"start"` to before `"end"`.
        """
        places = [self.tokenizer.spans(text) for text in texts]
        words = [
            [text[start:end] for start, end in found]
            for text, found in zip(texts, places, strict=True)
        ]
        tags = iter(self.predict_tags([w for w in words if w], **kwargs))
        spans = []
        for text, found in zip(texts, places, strict=True):
            spans.append([])
            for kind, first, stop in metrics.entities(
                next(tags) if found else []
            ):
                start, end = found[first][0], found[stop - 1][1]
                span = {"text": text[start:end], "label": kind}
                spans[-1].append({**span, "start": start, "end": end})
        return spans

    def predict_path(self, path, top=1):
        texts = unlabelled_texts(path)
        nothing = {"text": "", "label": "", "start": "", "end": ""}
        return [
            {"in": text, **span}
            for text, spans in zip(
                texts, self.predict_spans(texts), strict=True
            )
            for span in spans or [nothing]
        ]
