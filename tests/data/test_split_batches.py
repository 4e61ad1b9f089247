import numpy as np
import pytest

from keras_nn.data import Split


def read(path):
    return np.array([int(path)])


read.shape, read.dtype = (1,), "int64"


def orders(dataset):
    return [y.tolist() for _, y in dataset.as_numpy_iterator()]


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("drop_remainder", [False, True])
# 20 is more than is read in one call, and no multiple of it.
@pytest.mark.parametrize("batch_size, size", [(4, 10), (5, 10), (20, 50)])
def test_a_pass_from_the_middle_is_the_rest_of_it(
    files, drop_remainder, batch_size, size
):
    x, decode = np.arange(size), None
    if files:
        x, decode = x.astype(str), read
    batches = Split(x, np.arange(size), decode).ordered(
        batch_size, shuffle=True, seed=3, drop_remainder=drop_remainder
    )
    whole = orders(batches.at(1))
    assert len(whole) == batches.num_batches
    assert whole != orders(batches.at(0))
    for first in range(len(whole) + 1):
        assert orders(batches.at(1, first)) == whole[first:]


def test_the_passes_of_the_data_set_are_those_of_the_positions():
    split = Split(np.arange(9), np.arange(9))
    dataset = split.batches(4, shuffle=True, seed=5)
    batches = split.ordered(4, shuffle=True, seed=5)
    for epoch in range(3):
        assert orders(dataset) == orders(batches.at(epoch))


def test_refuses_what_gives_no_batch():
    with pytest.raises(ValueError, match="one full batch"):
        Split(np.arange(3), np.arange(3)).ordered(4, drop_remainder=True)
