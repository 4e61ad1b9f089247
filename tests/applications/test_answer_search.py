import numpy as np
import pytest

from keras_nn.applications.answer_search import best_passages
from keras_nn.applications.answer_search import no_answer_score


def test_the_best_passages_are_those_of_a_loop():
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(3, 2, 9))
    allowed = generator.random((3, 9)) < 0.7
    expected = sorted(
        (
            (logits[w, 0, i] + logits[w, 1, j], w, i, j)
            for w in range(3)
            for i in range(9)
            for j in range(i, min(i + 4, 9))
            if allowed[w, i] and allowed[w, j]
        ),
        reverse=True,
    )
    found = best_passages(logits, allowed, longest=4, top=100)
    assert [(p.window, p.first, p.last) for p in found] == [
        one[1:] for one in expected
    ]
    assert found[0].score == pytest.approx(expected[0][0])
    assert best_passages(logits, allowed & False, 4) == []
    assert no_answer_score(logits) == pytest.approx(
        min(logits[w, 0, 0] + logits[w, 1, 0] for w in range(3))
    )
