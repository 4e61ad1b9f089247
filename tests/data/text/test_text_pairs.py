import pytest

from keras_nn.data import TextPairs


def test_splits_and_takes():
    pairs = TextPairs(map(str, range(10)), [str(-i) for i in range(10)])
    rest, share = pairs.split(0.3, seed=1)
    assert (len(rest), len(share)) == (7, 3)
    assert all(int(s) == -int(t) for s, t in zip(rest.x, rest.y, strict=True))
    assert pairs.take(2).targets == ["0", "-1"]


def test_refuses_unequal_sides_and_other_things():
    with pytest.raises(ValueError, match="1 sources and 2 targets"):
        TextPairs(["a"], ["b", "c"])
    with pytest.raises(ValueError, match="Received: int"):
        TextPairs([1], ["a"])
