import numpy as np
import pytest

from keras_nn.data import RandomCrops


def blocks(dataset):
    return [tuple(part.numpy() for part in batch) for batch in dataset]


def equal(first, second):
    return all(
        np.array_equal(a, b)
        for one, two in zip(first, second, strict=True)
        for a, b in zip(one, two, strict=True)
    )


def test_targets_are_the_tokens_that_follow():
    crops = RandomCrops(np.arange(50), 4, batch_size=64, num_batches=3)
    found = blocks(crops.at(epoch=0))
    assert len(found) == 3
    for x, y in found:
        assert x.shape == y.shape == (64, 4)
        np.testing.assert_array_equal(y, x + 1)
        np.testing.assert_array_equal(np.diff(x), 1)
    starts = {int(x) for batch, _ in found for x in batch[:, 0]}
    assert min(starts) == 0 and max(starts) == 45  # the last that fits


def test_batches_depend_on_the_position_alone():
    crops = RandomCrops(np.arange(99), 4, 2, num_batches=5, seed=3)
    whole = blocks(crops.at(epoch=2))
    assert equal(whole[3:], blocks(crops.at(epoch=2, batch=3)))
    assert not equal(whole, blocks(crops.at(epoch=1)))
    other = RandomCrops(np.arange(99), 4, 2, num_batches=5, seed=4)
    assert not equal(whole, blocks(other.at(epoch=2)))


def test_each_pass_over_the_data_set_is_the_next():
    crops = RandomCrops(np.arange(99), 4, 2, num_batches=5)
    dataset = crops.dataset()
    assert int(dataset.cardinality()) == 5
    for epoch in range(2):
        assert equal(blocks(dataset), blocks(crops.at(epoch)))


def test_a_pass_holds_the_text_once():
    assert RandomCrops(np.arange(99), 4, 2).num_batches == 13


def test_refuses_a_text_shorter_than_a_block():
    with pytest.raises(ValueError, match=r"more than 4 tokens.*shape \(4,\)"):
        RandomCrops(np.arange(4), 4, 2)
