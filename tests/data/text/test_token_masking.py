import numpy as np
import pytest

from keras_nn.data import TokenMasking

MASKING = TokenMasking(2, vocabulary_size=100, first_id=3, rate=0.2)
IDS = np.random.default_rng(0).integers(0, 100, (50, 200))


def test_shares_are_those_of_the_paper():
    x, y = (part.numpy() for part in MASKING(IDS, seed=(0, 0)))
    drawn = y >= 0
    words = IDS >= 3
    assert drawn[words].mean() == pytest.approx(0.2, abs=0.02)
    assert (y[drawn] == IDS[drawn]).all() and (x[~drawn] == IDS[~drawn]).all()
    assert (x[drawn] == 2).mean() == pytest.approx(0.8, abs=0.03)
    assert (x[drawn] == IDS[drawn]).mean() == pytest.approx(0.1, abs=0.03)


def test_specials_are_neither_hidden_nor_drawn():
    x, y = (part.numpy() for part in MASKING(IDS, seed=(0, 0)))
    assert not (y[IDS < 3] >= 0).any()
    changed = (x != IDS) & (x != 2)
    assert changed.any() and x[changed].min() >= 3


def test_a_word_is_hidden_whole():
    words = np.tile(np.arange(200) // 3, (50, 1)) + 7
    ids = np.maximum(IDS, 3)
    _, y = MASKING(ids, seed=(0, 0), words=words)
    drawn = (y.numpy() >= 0)[:, :198].reshape(50, 66, 3)
    assert (drawn.all(axis=2) == drawn.any(axis=2)).all()
    assert drawn.mean() == pytest.approx(0.2, abs=0.03)


def test_the_same_seed_hides_the_same_words():
    first, again, other = (
        MASKING(IDS, seed=seed)[0].numpy() for seed in ((1, 2), (1, 2), (1, 3))
    )
    assert (first == again).all() and (first != other).any()


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="Received: rate=1.0"):
        TokenMasking(2, 9, 3, rate=1.0)
    with pytest.raises(ValueError, match="first_id=9"):
        TokenMasking(2, 9, 9)
