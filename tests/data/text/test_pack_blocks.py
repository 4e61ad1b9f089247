import numpy as np
import pytest

from keras_nn.data import pack_blocks


def test_every_token_is_there_once_and_in_order():
    generator = np.random.default_rng(0)
    sequences = [
        generator.integers(2, 50, generator.integers(0, 9)).tolist()
        for _ in range(40)
    ]
    blocks, numbers = pack_blocks(sequences, 16, end_id=1)
    there = numbers > 0
    flat = [token for one in sequences for token in [*one, 1]]
    assert blocks[there].tolist() == flat
    assert there[:-1].all() and not blocks[~there].any()
    for block, row in zip(blocks, numbers, strict=True):
        ends = np.flatnonzero(block[:-1] == 1)
        steps = np.flatnonzero(np.diff(row) > 0)
        assert set(steps) == set(ends) - set(np.flatnonzero(row == 0) - 1)
        assert row[0] == 1


def test_sequences_without_tokens_have_no_number():
    blocks, numbers = pack_blocks([[], [5], [], [6, 7]], 4)
    assert blocks.tolist() == [[5, 6, 7, 0]]
    assert numbers.tolist() == [[1, 2, 2, 0]]


def test_refuses():
    with pytest.raises(ValueError, match="Received: 0 tokens, length=4"):
        pack_blocks([[]], 4)
    with pytest.raises(ValueError, match="length=0"):
        pack_blocks([[1]], 0)
