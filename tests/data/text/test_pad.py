import pytest

from keras_nn.data import pad


def test_fills_up_and_cuts():
    assert pad([[1], [2, 3, 4]], padding=9).tolist() == [[1, 9, 9], [2, 3, 4]]
    assert pad([[1], [2, 3, 4]], length=2).tolist() == [[1, 0], [2, 3]]


def test_the_length_is_a_multiple_but_never_above_the_longest_allowed():
    assert pad([[1, 2, 3]], multiple=4).shape == (1, 4)
    assert pad([[1, 2, 3]], length=10, multiple=4).shape == (1, 4)
    assert pad([[1, 2, 3, 4, 5]], length=6, multiple=4).shape == (1, 6)


@pytest.mark.parametrize("sequences", [[], [[1], []]])
def test_nothing_is_refused(sequences):
    with pytest.raises(ValueError, match=r"Received: \d sequences"):
        pad(sequences)
