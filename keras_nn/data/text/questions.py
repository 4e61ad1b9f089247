import numpy as np

from keras_nn.data.split import Split
from keras_nn.data.text.labelled_texts import as_objects


class Questions(Split):
    """Questions about texts, with the passages of them that are answers.

    Args:
        questions: sequence of str.
        contexts: sequence of str, the text that each question is about.
        answers: sequence, one entry a question, of lists of `(text, start)`:
            passages of the context, and at which character they begin. An
            empty list: the context has no answer.

    Raises:
        ValueError: if the three differ in number, or an answer does not stand
            in its context where it says.

    Example:

    >>> questions = Questions(["Who?"], ["Ada wrote it."], [[("Ada", 0)]])
    >>> len(questions), questions.answers[0]
    (1, [('Ada', 0)])
    """

    def __init__(self, questions, contexts, answers):
        sizes = len(questions), len(contexts), len(answers)
        if len(set(sizes)) != 1 or not sizes[0]:
            raise ValueError(
                "There must be a question, and a context and answers for "
                f"each. Received: {sizes[0]} questions, {sizes[1]} contexts, "
                f"{sizes[2]} lists of answers"
            )
        for question, context, right in zip(
            questions, contexts, answers, strict=True
        ):
            for text, start in right:
                if not text or context[start : start + len(text)] != text:
                    raise ValueError(
                        "An answer must stand in its context, where it says. "
                        f"Received: {text[:40]!r} at {start} for the question "
                        f"{question[:60]!r}"
                    )
        super().__init__(
            as_objects(list(zip(questions, contexts, strict=True))),
            as_objects([list(map(tuple, right)) for right in answers]),
        )

    @property
    def questions(self):
        """List of str."""
        return [question for question, _ in self.x]

    @property
    def contexts(self):
        """List of str."""
        return [context for _, context in self.x]

    @property
    def answers(self):
        """List of lists of `(text, start)`."""
        return list(self.y)

    @property
    def has_unanswerable(self):
        """bool. Whether a question has no answer."""
        return not all(self.y)

    def split(self, fraction, seed=0, stratify=None):
        """Two parts that share no context; the second has the fraction."""
        contexts = sorted(set(self.contexts))
        np.random.default_rng(seed).shuffle(contexts)
        count = round(len(contexts) * fraction)
        if not 0 < count < len(contexts):
            raise ValueError(
                "Both parts need a context. Received: "
                f"{fraction=} of {len(contexts)} contexts"
            )
        chosen = set(contexts[:count])
        second = np.array([context in chosen for context in self.contexts])
        return self[np.flatnonzero(~second)], self[np.flatnonzero(second)]

    def __getitem__(self, indices):
        questions, contexts = zip(*self.x[indices], strict=True)
        return Questions(questions, contexts, list(self.y[indices]))

    def __repr__(self):
        return f"Questions({len(self)} questions)"
