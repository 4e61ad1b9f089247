import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.callbacks import AnswerSamples
from keras_nn.testing import read_events


class Answerer(keras.Sequential):
    def answer(self, questions, contexts):
        return [
            {
                "text": context.split()[0] if "Who" in question else "",
                "score": 1,
            }
            for question, context in zip(questions, contexts, strict=True)
        ]


def test_writes_a_table_and_scores(tmp_path):
    asked = data.Questions(
        ["Who?", "Why|?", "When?"],
        ["Ada wrote it."] * 3,
        [[("Ada", 0)], [], [("it", 10)]],
    )
    model = Answerer([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    samples = AnswerSamples(tmp_path, asked)
    model.fit(np.ones((2, 1)), np.ones((2, 1)), verbose=0, callbacks=[samples])
    events = read_events(tmp_path)["validation"]
    (matches,), (refused,) = (
        events[f"answers/{name}"] for name in ("exact_match", "refused")
    )
    assert matches.value == pytest.approx(2 / 3)  # the last one is wrong
    assert refused.value == pytest.approx(2 / 3)
    table = events["answers/samples"][0].value
    assert "Why\\|?" in table and "(none)" in table
