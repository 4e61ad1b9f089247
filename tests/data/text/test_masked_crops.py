import numpy as np
import pytest

from keras_nn.data import MaskedCrops
from keras_nn.data import RandomCrops
from keras_nn.data import TokenMasking

MASKING = TokenMasking(2, vocabulary_size=200, first_id=3, rate=0.3)
IDS = 3 + np.arange(150)


def make(words=None):
    return MaskedCrops(IDS, 10, 4, MASKING, words, num_batches=3, seed=5)


def test_blocks_begin_where_those_of_random_crops_begin():
    plain = RandomCrops(IDS, 10, 4, num_batches=3, seed=5)
    for (x, y), (ids, _) in zip(make().at(2), plain.at(2), strict=True):
        x, y, ids = x.numpy(), y.numpy(), ids.numpy()
        assert (np.where(y >= 0, y, x) == ids).all()
        assert (y >= 0).any() and (x == 2).any()


def test_a_pass_goes_on_from_any_batch_and_the_next_one_differs():
    batches = [x.numpy() for x, _ in make().at(0)]
    rest = [x.numpy() for x, _ in make().at(0, 1)]
    assert len(batches) == 3
    np.testing.assert_array_equal(batches[1:], rest)
    other = [x.numpy() for x, _ in make().at(1)]
    assert (np.array(other) != np.array(batches)).any()


def test_words_are_hidden_whole():
    for _, y in make(np.arange(150) // 2).at(0):
        for row in y.numpy():
            hidden = {int(token - 3) // 2 for token in row if token >= 0}
            whole = sum(token >= 0 for token in row)
            # Two tokens each, but for a word that the block cuts.
            assert whole >= 2 * len(hidden) - 2


def test_a_number_for_every_token():
    with pytest.raises(ValueError, match="149 numbers, 150 tokens"):
        make(np.arange(149))
