import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.table_cell import table_cell


class AnswerSamples(Instrument):
    """Writes what a model answers to the same questions, and how well.

    Read it for: passages of the right kind at the wrong place (it knows what
    an answer looks like, and does not read the question); the right begin and
    the wrong end; no answer to everything, which is right for a part of the
    questions and learnt first.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        questions: `data.Questions`.
        every: int. Write once per this many epochs. Defaults to 1.
        shown: int. Questions of the table. Defaults to 12.
        scored: int. Questions that the scores are of. Defaults to 200.
        longest: int. Characters of a text that are shown. Defaults to 300.

    Writes to `log_dir/validation`, at the epoch's index:
        `answers/samples`: text, a table: question, right answer, what was
            said with its score over no answer, the text.
        `answers/exact_match`, `answers/f1`: scalars, 0 to 1.
        `answers/refused`: scalar, the share of questions without an answer
            in the model's eyes.

    Example:

    >>> import tempfile
    >>> from keras_nn.data import Questions
    >>> questions = Questions(["Who?"], ["Ada did."], [[("Ada", 0)]])
    >>> AnswerSamples(tempfile.mkdtemp(), questions).shown
    12
    """

    def __init__(
        self,
        log_dir,
        questions,
        every=1,
        shown=12,
        scored=200,
        longest=300,
    ):
        super().__init__(log_dir, every)
        self.questions = questions
        self.shown = shown
        self.scored = scored
        self.longest = longest

    def on_epoch_end(self, epoch, logs=None):
        from keras_nn import metrics

        if not self.is_due(epoch):
            return
        asked = self.questions.take(max(self.shown, self.scored))
        said = self.model.answer(asked.questions, asked.contexts)
        texts = [answer["text"] for answer in said]
        right = [[text for text, _ in found] or [""] for found in asked.answers]
        rows = [["question", "right", "said", "score", "text"]]
        for i in range(min(self.shown, len(asked))):
            row = [
                asked.questions[i],
                right[i][0] or "(none)",
                texts[i] or "(none)",
                f"{said[i]['score']:.2f}",
                asked.contexts[i][: self.longest],
            ]
            rows.append([table_cell(cell) for cell in row])
        with self.write(epoch, "validation"):
            tf.summary.text("answers/samples", rows)
            scores = {
                "exact_match": metrics.exact_match(texts, right),
                "f1": metrics.answer_f1(texts, right),
                "refused": texts.count("") / len(texts),
            }
            for name, score in scores.items():
                tf.summary.scalar(f"answers/{name}", score)
