import pytest

from keras_nn.metrics import rouge


def test_the_example_of_the_paper():
    # Lin, 2004, section 3.1: L is 3 of 4 words, 2 of 4 where order changes.
    reference = "police killed the gunman"
    said = ["police kill the gunman", "the gunman kill police"]
    scores = [rouge([one], [reference])["rougeL"] for one in said]
    assert scores == [0.75, 0.5]


def test_one_word_has_no_neighbours():
    assert rouge(["cat"], ["cat"]) == {
        "rouge1": 1.0,
        "rouge2": 0.0,
        "rougeL": 1.0,
    }
    assert rouge([""], ["cat"])["rougeL"] == 0.0


def test_unequal_numbers_are_refused():
    with pytest.raises(ValueError, match="Received: 1 and 2"):
        rouge(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="Received: none"):
        rouge([], [])
