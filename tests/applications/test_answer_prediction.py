import numpy as np

from keras_nn import data
from keras_nn.applications.answer_prediction import AnswerPrediction
from keras_nn.applications.question_windows import QuestionWindows

CONTEXT = "a b c d e f g h"
TOKENIZER = data.WordTokenizer.of(
    [CONTEXT], specials=("[PAD]", "[UNK]", "[CLS]", "[SEP]")
)


class Fake(AnswerPrediction):
    """Says of each token how much it likes it, wherever it stands."""

    max_answer = 2
    may_refuse = True
    threshold = 0.0

    def __init__(self, likes, nothing=0.0):
        self.windows = QuestionWindows(TOKENIZER, 10, 2, matches=False)
        self.likes = likes
        self.nothing = nothing

    def predict(self, inputs, verbose):
        logits = np.full((len(inputs["ids"]), 2, inputs["ids"].shape[1]), -9.0)
        for side in (0, 1):
            for word, like in self.likes[side].items():
                logits[:, side][inputs["ids"] == TOKENIZER.id_of(word)] = like
            logits[:, side, 0] = self.nothing
        return logits


def test_a_passage_of_two_windows_is_one_answer():
    fake = Fake(({"f": 5.0, "c": 4.0}, {"g": 3.0, "c": 1.0}))
    first, second = fake.answer("a", CONTEXT, top=2)
    assert (first["text"], first["score"]) == ("f g", 8.0)
    assert CONTEXT[first["start"] : first["end"]] == "f g"
    assert second["text"] == "c" and second["score"] == 5.0


def test_no_answer_must_score_higher_by_the_threshold():
    likes = {"b": 2.0}, {"b": 2.0}
    assert Fake(likes, nothing=1.0).answer("a", CONTEXT)["text"] == "b"
    refusing = Fake(likes, nothing=2.5)
    found = refusing.answer(["a"], [CONTEXT])[0]
    assert found == {"text": "", "start": None, "end": None, "score": -1.0}
    refusing.threshold = 1.5
    assert refusing.answer("a", CONTEXT)["text"] == "b"
    refusing.may_refuse, refusing.threshold = False, 0.0
    assert refusing.answer("a", CONTEXT)["text"] == "b"


def test_answers_of_a_set_beside_the_right_ones():
    fake = Fake(({"b": 2.0}, {"b": 2.0}))
    asked = data.Questions(["a", "a"], [CONTEXT] * 2, [[("b", 2)], []])
    assert fake.said_and_right(asked) == (["b", "b"], [["b"], [""]])
