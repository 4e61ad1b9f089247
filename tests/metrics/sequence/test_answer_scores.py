import pytest

from keras_nn.metrics import answer_f1
from keras_nn.metrics import exact_match
from keras_nn.metrics.sequence.answer_scores import overlap_f1


def test_case_articles_and_signs_do_not_count():
    assert exact_match(["The  Nile!"], ["nile"]) == 1.0
    assert exact_match(["An other"], ["another"]) == 0.0


def test_the_best_of_several_answers_counts():
    answers = [["Denver Broncos", "the Broncos of Denver"]]
    assert answer_f1(["Denver Broncos"], answers) == 1.0
    assert answer_f1(["Broncos"], answers) == pytest.approx(2 / 3)


def test_a_word_counts_as_often_as_it_is_there():
    assert answer_f1(["no no no"], ["no way"]) == pytest.approx(2 / 5)


def test_no_answer_is_right_where_there_is_none():
    assert answer_f1(["", "x"], ["", ""]) == 0.5
    assert overlap_f1(0, 0, 0) == 0.0


def test_unequal_numbers_are_refused():
    for score in (exact_match, answer_f1):
        with pytest.raises(ValueError, match="Received: 1 and 0"):
            score(["a"], [])
