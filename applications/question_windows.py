"""From questions and texts of any length to windows of token ids."""

import dataclasses

import numpy as np

from keras_nn import data

QUESTION, CONTEXT, MATCH = 0, 1, 2  # segments
MARKS = ("[CLS]", "[SEP]")
MULTIPLE = 8  # of tokens, so that few lengths are traced


@dataclasses.dataclass
class Windows:
    """Windows of texts, as a network reads them.

    Args:
        ids: int32 array `(windows, length)`.
        segments: int32 array of that shape.
        owners: int array `(windows,)`: the number of the question of each.
        spans: list of dicts, one a window, of place to the characters
            `(start, end)` of the context.
    """

    ids: np.ndarray
    segments: np.ndarray
    owners: np.ndarray
    spans: list

    @property
    def inputs(self):
        """dict of arrays."""
        return {"ids": self.ids, "segments": self.segments}


class QuestionWindows:
    """Cuts texts into windows: mark, question, mark, part of a text, mark.

    Args:
        tokenizer: `data.WordTokenizer` with the specials `"[CLS]"` and
            `"[SEP]"`, or `data.SubwordTokenizer`.
        max_length: int. Most tokens of a window; of a question half of them
            are read.
        stride: int. Tokens of the text from one window to the next.
        matches: bool. Whether words of the text that the question has are of
            a segment of their own.
    """

    def __init__(self, tokenizer, max_length, stride, matches):
        if not 1 <= stride <= max_length // 2 - 3:
            raise ValueError(
                "`stride` must lie between 1 and half of `max_length` less 3, "
                "so that windows overlap whatever the question is. Received: "
                f"{stride=}, {max_length=}"
            )
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.stride = stride
        self.matches = matches
        if hasattr(tokenizer, "start_id"):
            self.first, self.mark = tokenizer.start_id, tokenizer.end_id
        else:
            self.first, self.mark = map(tokenizer.id_of, MARKS)

    def __call__(self, questions, contexts):
        """The windows of questions: `Windows`.

        Args:
            questions: list of str.
            contexts: list of str, one for each.

        Raises:
            ValueError: if a question or a context has no token.
        """
        ids, segments, owners, spans = [], [], [], []
        known = {}  # many questions are about the same text
        for number, (question, context) in enumerate(
            zip(questions, contexts, strict=True)
        ):
            if context not in known:
                known[context] = self._tokens(context)
            tokens, places = known[context]
            asked, of_question = self._tokens(question)
            if not asked or not tokens:
                raise ValueError(
                    "A question and its text must have a token each. "
                    f"Received: {question[:40]!r} about {context[:40]!r}"
                )
            asked = asked[: self.max_length // 2]
            kinds = [CONTEXT] * len(tokens)
            if self.matches:
                words = {question[s:e].lower() for s, e in of_question}
                kinds = [
                    MATCH if context[s:e].lower() in words else CONTEXT
                    for s, e in places
                ]
            head = [self.first, *asked, self.mark]
            room = self.max_length - len(head) - 1
            for start in _starts(len(tokens), room, self.stride):
                part = slice(start, start + room)
                ids.append([*head, *tokens[part], self.mark])
                segments.append([QUESTION] * len(head) + kinds[part])
                owners.append(number)
                spans.append(dict(enumerate(places[part], len(head))))
        padding = self.tokenizer.padding_id
        ids = data.pad(ids, self.max_length, padding, MULTIPLE)
        kinds = np.full_like(ids, QUESTION)
        for row, some in zip(kinds, segments, strict=True):
            row[: len(some)] = some
        return Windows(ids, kinds, np.array(owners), spans)

    def targets(self, windows, answers):
        """First and last place of the answer in each window.

        Place 0, the mark in front, where a window does not hold all of it.

        Args:
            windows: `Windows`.
            answers: list, one entry a question, of lists of `(text, start)`;
                the first of each is trained on.

        Returns:
            An int32 array `(windows, 2)`.
        """
        places = np.zeros((len(windows.owners), 2), "int32")
        for row, owner, spans in zip(
            places, windows.owners, windows.spans, strict=True
        ):
            if not answers[owner] or not spans:
                continue
            text, start = answers[owner][0]
            end = start + len(text)
            held = [p for p, (s, e) in spans.items() if s < end and e > start]
            bounds = min(spans.values())[0], max(spans.values())[1]
            if held and bounds[0] <= start and end <= bounds[1]:
                row[:] = held[0], held[-1]
        return places

    def _tokens(self, text):
        return self.tokenizer.encode(text), self.tokenizer.spans(text)


def _starts(count, room, stride):
    """Where windows begin, so that the last one reaches the end."""
    starts = [0]
    while starts[-1] + room < count:
        starts.append(starts[-1] + stride)
    return starts
