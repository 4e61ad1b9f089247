import pytest

from keras_nn import data


def test_parts_share_no_context():
    contexts = [f"Text {number // 3}." for number in range(30)]
    asked = data.Questions(["?"] * 30, contexts, [[]] * 30)
    rest, share = asked.split(0.3)
    assert len(share) == 9 and not set(rest.contexts) & set(share.contexts)
    with pytest.raises(ValueError, match="Both parts need a context"):
        asked.split(0.01)


def test_answers_stand_where_they_say():
    with pytest.raises(ValueError, match="Received: 'Ada' at 1 for"):
        data.Questions(["Who?"], ["Ada wrote it."], [[("Ada", 1)]])
    with pytest.raises(ValueError, match="Received: 1 questions, 2 contexts"):
        data.Questions(["a"], ["b", "c"], [[]])
