import ast

import pytest

from keras_nn import data
from keras_nn.data.text import signature_questions


def test_a_function_asks_for_a_default_and_for_none():
    (node,) = ast.parse("def f(a, b=1, *, c=-2.5): 'Does it.'").body
    with_default, without = signature_questions._questions(node, "Does it.", 1)
    question, context, answers = with_default
    assert context == "f(a, b=1, c=-2.5): Does it."
    assert answers == [("-2.5", 12)] and "c" in question.split()
    assert without[1:] == (context, []) and "a" in without[0].split()
    (node,) = ast.parse("def f(a, b=1): 'Does it.'").body
    assert signature_questions._questions(node, "Does it.", 1) == []
    with pytest.raises(ValueError, match="not read from a folder"):
        data.load("signature-questions", path="x")


def test_signatures_hold_their_answers(monkeypatch):
    monkeypatch.setattr(signature_questions, "PER_PACKAGE", 12)
    splits = data.load("signature-questions")
    for part in (splits.train, splits.validation, splits.test):
        assert part.has_unanswerable
        for context, answers in zip(part.contexts, part.answers, strict=True):
            for text, start in answers:
                assert context[start - 1] == "="
                assert context[start + len(text)] in ",)"
    assert not set(splits.train.contexts) & set(splits.test.contexts)
