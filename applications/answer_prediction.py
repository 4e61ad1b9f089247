"""From questions and texts to answers."""

import numpy as np

from keras_nn import data
from keras_nn.applications.answer_search import best_passages
from keras_nn.applications.answer_search import no_answer_score


class AnswerPrediction:
    """What an application of passages does with questions and files.

    A mixin for a `keras.Model` from windows to logits, with `windows`,
    `max_answer`, `may_refuse` and `threshold`.
    """

    def answer(self, questions, contexts, top=None, **kwargs):
        """Answers questions about texts.

        Args:
            questions: str or list of str.
            contexts: str, the text of all, or a list of str, one for each.
            top: int or None. How many answers to each, best first; no answer
                is not among them. None gives the one answer.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            For a str a dict, for a list a list of dicts, or with `top` lists
            of them: `text`, the characters from `start` to before `end`, and
            `score`, by how much it beats no answer (as log-odds). No answer
            has an empty text, and None for its place.
        """
        single = isinstance(questions, str)
        questions = [questions] if single else list(questions)
        if isinstance(contexts, str):
            contexts = [contexts] * len(questions)
        windows = self.windows(questions, contexts)
        logits = self.predict(windows.inputs, **{"verbose": 0, **kwargs})
        found = []
        for number, context in enumerate(contexts):
            rows = np.flatnonzero(windows.owners == number)
            answers = self._answers(
                logits[rows],
                [windows.spans[row] for row in rows],
                context,
                top or 1,
            )
            found.append(answers if top else self._decided(answers))
        return found[0] if single else found

    def said_and_right(self, asked):
        """The answers to `data.Questions`, and the right ones of each."""
        said = self.answer(asked.questions, asked.contexts)
        right = [
            [text for text, _ in answers] or [""] for answers in asked.answers
        ]
        return [answer["text"] for answer in said], right

    def predict_path(self, path, top=1):
        asked = data.read_squad(path)
        found = self.answer(asked.questions, asked.contexts)
        return [
            {"question": question, **answer}
            for question, answer in zip(asked.questions, found, strict=True)
        ]

    def _answers(self, logits, spans, context, top):
        """The best passages of the windows of one text: a list of dicts."""
        allowed = np.zeros((len(spans), logits.shape[-1]), bool)
        for row, held in zip(allowed, spans, strict=True):
            row[list(held)] = True
        none = no_answer_score(logits) if self.may_refuse else 0.0
        found = {}
        for one in best_passages(logits, allowed, self.max_answer, 4 * top):
            held = spans[one.window]
            start, end = held[one.first][0], held[one.last][1]
            # The windows overlap: a passage may be in two of them.
            found.setdefault(
                (start, end),
                {
                    "text": context[start:end],
                    "start": start,
                    "end": end,
                    "score": one.score - none,
                },
            )
        return list(found.values())[:top]

    def _decided(self, answers):
        best = answers[0]
        if self.may_refuse and best["score"] < -self.threshold:
            return {**best, "text": "", "start": None, "end": None}
        return best
