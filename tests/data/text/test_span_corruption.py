import numpy as np
import pytest

from keras_nn.data import SpanCorruption

SENTINELS = tuple(range(900, 930))


def restored(x, y, end=1):
    """The text, from what is read and what is written."""
    passages, current = {}, None
    for token in y:
        if token in SENTINELS:
            current = token
            passages[current] = []
        elif token != end:
            passages[current].append(token)
    text = []
    for token in x:
        text += passages.get(token, [token] if token != end else [])
    return text, list(passages.values())


def test_what_is_written_belongs_where_the_sentinels_are():
    ids = np.arange(10, 10 + 4 * 60).reshape(4, 60)
    corruption = SpanCorruption(SENTINELS, end_id=1)
    x, y = corruption(ids, seed=3)
    assert (x.shape[1], y.shape[1]) == corruption.lengths(60) == (55, 13)
    for row, read, written in zip(ids, x, y, strict=True):
        text, passages = restored(read.tolist(), written.tolist())
        assert text == row.tolist()
        assert sum(map(len, passages)) == 9 and len(passages) == 3
        assert min(map(len, passages)) >= 1
        assert read[0] == row[0]  # a text begins with what is kept
        places = np.flatnonzero(np.isin(read, SENTINELS))
        assert np.diff(places).min() > 1  # passages do not touch


def test_ends_are_settled_and_all_between_is_taken_out_about_as_often():
    ids = np.tile(np.arange(10, 70), (1000, 1))
    x, _ = SpanCorruption(SENTINELS, 1, density=0.3)(ids, seed=0)
    there = np.array([np.mean((x == token).any(1)) for token in range(10, 70)])
    assert there[0] == 1 and there[-1] == 0
    inside = there[10:50]
    assert inside.mean() == pytest.approx(0.72, abs=0.02)
    assert inside.min() > 0.66 and inside.max() < 0.78


def test_refuses():
    with pytest.raises(ValueError, match="Received: density=1"):
        SpanCorruption(SENTINELS, 1, density=1.0)
    few = SpanCorruption((9,), 1, density=0.5)
    with pytest.raises(ValueError, match="5 passages and 1 sentinels"):
        few(np.arange(30)[None], seed=0)
